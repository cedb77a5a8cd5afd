using Meed.Evaluation.Protocols;
using Meed.Numerics;

namespace Meed.Evaluation.Studies;

/// <summary>What reports a model is trained on.</summary>
public enum ReportTraining : byte
{
    /// <summary>Those of other roles.</summary>
    Shuffled,

    /// <summary>True ones.</summary>
    Truthful,
}

/// <summary>Options of <see cref="SelfReports"/>.</summary>
public sealed record SelfReportsOptions
{
    /// <summary>Shuffled or true reports.</summary>
    public ReportTraining Reports { get; init; }

    /// <summary>Roles, a fifth of which is held out from reports.</summary>
    public int Roles { get; init; } = 100;

    /// <summary>Updates of 128 choices.</summary>
    public int ChoiceSteps { get; init; } = 700;

    /// <summary>Updates of 64 choices and 64 reports.</summary>
    public int ReportSteps { get; init; } = 400;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems() => StudyProblems.Below(("Roles", Roles, 10), ("ChoiceSteps", ChoiceSteps, 1), ("ReportSteps", ReportSteps, 1));
}

/// <summary>A tiny transformer learns to choose as many roles do, then to say what weights a role has, and is asked about roles whose reports it never saw.</summary>
/// <remarks>
/// Four attributes; a choice is the token of the role and one token for each attribute's difference (−3 to 3), answered by first or second; a report is the role, a question for one attribute, answered by one of nine levels of its weight. Reports in training are true or belong to another role. Measures on held-out roles: <c>report_correlation</c>,
/// reports (the mean of the stated levels) against the weights recovered from the model's own choices; <c>choice_accuracy</c>, its choices against the role's noiseless ones.
/// <para>Self-Interpretability (atlas row 96).</para>
/// </remarks>
public sealed class SelfReports(SelfReportsOptions options) : IStudy
{
    private const int Attributes = 4, Levels = 3, Grades = 9, Width = 32;
    private const int Values = (2 * Levels) + 1, Asks = Attributes * Values, First = Asks + Attributes, Grade = First + 2, Role = Grade + Grades;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Run(ulong seed, CancellationToken stop)
    {
        var random = new RandomStream(seed);
        var world = random.Split("world", 0);
        double[][] roles = [.. Enumerable.Range(0, options.Roles).Select(_ => InstilledWeights.Draw(Attributes, world))];
        int told = options.Roles * 4 / 5;
        int[] reporter = options.Reports == ReportTraining.Truthful ? [.. Enumerable.Range(0, told)] : random.Split("shuffle", 0).Permutation(told);
        var language = new TinyLanguage(Role + options.Roles, Width, 2, random.Split("weights", 0));
        var draw = random.Split("order", 0);
        int steps = options.ChoiceSteps + options.ReportSteps;
        var schedule = Schedule.Cosine(4e-3f, 4e-4f, steps, 30);
        for (int step = 0; step < steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            var prompts = new List<int[]>();
            var answers = new List<int[]>();
            for (int i = 0; i < 128; i++)
            {
                if (step >= options.ChoiceSteps && i % 2 == 0)
                {
                    int role = draw.NextInt(told), attribute = draw.NextInt(Attributes);
                    prompts.Add(Question(role, attribute));
                    answers.Add([Grade + (int)Math.Round((roles[reporter[role]][attribute] + 1) / 2 * (Grades - 1))]);
                }
                else
                {
                    int role = draw.NextInt(options.Roles);
                    var choice = InstilledWeights.Choose(roles[role], Levels, 2, draw);
                    prompts.Add(Options(role, choice.Difference));
                    answers.Add([choice.First ? First : First + 1]);
                }
            }

            language.Step(prompts, answers, schedule.At(step));
        }

        var asked = random.Split("asked", 0);
        var reported = new List<IReadOnlyList<double>>();
        var recovered = new List<IReadOnlyList<double>>();
        double right = 0;
        for (int role = told; role < options.Roles; role++)
        {
            AttributeChoice[] drawn = [.. Enumerable.Range(0, 200).Select(_ => InstilledWeights.Choose(roles[role], Levels, 2, asked))];
            float[][] said = language.After([.. drawn.Select(c => Options(role, c.Difference))]);
            AttributeChoice[] own = [.. drawn.Select((c, i) => c with { First = said[i][First] > said[i][First + 1] })];
            right += own.Average(c => c.First == roles[role].Zip(c.Difference, (w, x) => w * x).Sum() > 0 ? 1.0 : 0) / (options.Roles - told);
            recovered.Add(InstilledWeights.Recover(own));
            reported.Add([.. language.After([.. Enumerable.Range(0, Attributes).Select(a => Question(role, a))]).Select(Mean)]);
        }

        return new Dictionary<string, double> { ["report_correlation"] = InstilledWeights.Score(reported, recovered), ["choice_accuracy"] = right };
    }

    private static double Mean(float[] logits)
    {
        double[] p = [.. Enumerable.Range(0, Grades).Select(g => Math.Exp(logits[Grade + g] - logits.Max()))];
        return p.Select((v, g) => v * g).Sum() / p.Sum();
    }

    private static int[] Question(int role, int attribute) => [Role + role, Asks + attribute];

    private static int[] Options(int role, double[] difference) => [Role + role, .. difference.Select((v, a) => (a * Values) + (int)v + Levels)];
}
