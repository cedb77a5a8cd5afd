using Meed.Numerics;
using Meed.Tasks.Phone;

namespace Meed.Evaluation.Studies;

/// <summary>What decides success.</summary>
public enum PhoneCheck : byte
{
    /// <summary>That the agent says it is done.</summary>
    Claim,

    /// <summary>The final state of the phone.</summary>
    State,
}

/// <summary>Options of <see cref="PhoneChecks"/>.</summary>
public sealed record PhoneChecksOptions
{
    /// <summary>Claim or state.</summary>
    public PhoneCheck Check { get; init; }

    /// <summary>Episodes.</summary>
    public int Episodes { get; init; } = 800;

    /// <summary>Share of the episodes in which the agent makes one mistake.</summary>
    public double Mistakes { get; init; } = 0.5;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() =>
    [
        .. StudyProblems.Below(("Episodes", Episodes, 10)),
        .. StudyProblems.When(Mistakes is not (> 0 and < 1), $"Mistakes is {Mistakes}; it lies above 0 and below 1."),
    ];
}

/// <summary>Scripted agents follow the oracle's way, or spoil it in one place, and say that they are done.</summary>
/// <remarks>
/// Mistakes: an action left out, a digit or letter of a value changed, another row deleted or changed beside the task, a wrong answer; in a tenth of them the agent gives up. Truth is known from the script. Measures: <c>agreement</c> of the check with the truth; <c>seed_spread</c>, the largest difference
/// between success rates of parameter seeds within one template (in blocks of ten) for an agent that cannot read names of two words: what a template's single run hides.
/// <para>AndroidWorld, arXiv:2405.14573 (atlas row 4).</para>
/// </remarks>
public sealed class PhoneChecks(PhoneChecksOptions options) : IStudy
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed).Split("world", 0);
        double agree = 0;
        for (int e = 0; e < options.Episodes; e++)
        {
            stop.ThrowIfCancellationRequested();
            var item = PhoneTask.Generate(random.NextUInt64());
            bool spoiled = random.NextBool(options.Mistakes);
            List<string> script = [.. item.Oracle];
            if (spoiled)
            {
                Spoil(item, script, random);
            }

            var session = PhoneTask.Run(item, (_, _, step) => script[step]);
            double said = options.Check == PhoneCheck.Claim ? session.SaysDone ? 1 : 0 : PhoneTask.Reward(item, session);
            agree += said == (spoiled ? 0 : 1) ? 1.0 / options.Episodes : 0;
        }

        // An agent that drops all but the first word of a name.
        double[] blocks = [.. Enumerable.Range(0, 20).Select(b => Enumerable.Range(0, 10).Average(_ =>
        {
            var item = PhoneTask.Generate(random.NextUInt64(), 1);
            return PhoneTask.Reward(item, PhoneTask.Run(item, (_, _, step) => item.Oracle[step].StartsWith("delete ", StringComparison.Ordinal) ? string.Join(' ', item.Oracle[step].Split(' ').Take(2)) : item.Oracle[step]));
        }))];
        return new Dictionary<string, double> { ["agreement"] = agree, ["seed_spread"] = blocks.Max() - blocks.Min() };
    }

    private static void Spoil(PhoneItem item, List<string> script, RandomStream random)
    {
        if (random.NextBool(0.1))
        {
            script[^1] = "give up";
            return;
        }

        if (item.Answer.Length > 0)
        {
            script[^1] = "done: Sun 3";
            return;
        }

        // The last action before done does something in every template.
        int at = script.Count - 2;
        switch (random.NextInt(3))
        {
            case 0:
                script.RemoveAt(at);
                break;
            case 1:
                script[at] += script[at].StartsWith("delete ", StringComparison.Ordinal) ? "x" : "7";
                break;
            default:
                script.InsertRange(script.Count - 1, ["open notes", "set Shopping = milk and eggs"]);
                break;
        }
    }
}
