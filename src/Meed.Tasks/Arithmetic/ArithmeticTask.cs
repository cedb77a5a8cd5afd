using System.Text.Json;
using Meed.Rewards;
using Meed.Rewards.Verifiers;

namespace Meed.Tasks.Arithmetic;

/// <summary>One operation on two whole numbers: the prompt <c>12+35=</c> is answered by <c>47</c>.</summary>
/// <remarks>
/// Operands are uniform between 0 and 10^digits − 1, digits = <see cref="ArithmeticOptions.Digits"/> + level. The key is the question. Held-out rule: <see cref="Hashing.Key"/> of the key,
/// as a fraction of 2⁶⁴, lies below <see cref="ArithmeticOptions.HeldOutShare"/>.
/// </remarks>
public sealed class ArithmeticTask : ITask<TextSample>
{
    private readonly ArithmeticOptions _options;

    /// <summary>A world of the given size.</summary>
    public ArithmeticTask(ArithmeticOptions? options = null)
    {
        _options = options ?? new ArithmeticOptions();
        var problems = _options.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException($"arithmetic: {string.Join(" ", problems)}", nameof(options));
        }
    }

    /// <inheritdoc/>
    public string Name => "arithmetic";

    /// <inheritdoc/>
    public string Alphabet => "0123456789+-*=";

    /// <inheritdoc/>
    public IReward<TextSample> Gold { get; } = new ExactMatch(new ExactMatchOptions { Punctuation = PunctuationRule.Keep });

    /// <inheritdoc/>
    public TaskItem<TextSample> Generate(ulong seed, Difficulty difficulty)
    {
        int digits = _options.Digits + difficulty.Level;
        if (digits is < 1 or > 9)
        {
            throw new ArgumentOutOfRangeException(nameof(difficulty), $"arithmetic: difficulty {difficulty.Level} asks for {digits} digits; use 1 to 9.");
        }

        int bound = (int)Math.Pow(10, digits);
        long a = Hashing.Below(Hashing.Mix(seed, 0), bound);
        long b = Hashing.Below(Hashing.Mix(seed, 1), bound);
        char op = _options.Operators[Hashing.Below(Hashing.Mix(seed, 2), _options.Operators.Length)];
        long answer = op switch { '+' => a + b, '-' => a - b, _ => a * b };
        string question = $"{a}{op}{b}=";
        return new TaskItem<TextSample>(question, new TextSample
        {
            Prompt = [new Message("user", question)],
            Reference = JsonSerializer.SerializeToElement(answer.ToString()),
        });
    }

    /// <inheritdoc/>
    public TextSample Oracle(TaskItem<TextSample> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Sample with { Response = item.Sample.Reference.GetString()! };
    }

    /// <inheritdoc/>
    public bool IsHeldOut(TaskItem<TextSample> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Hashing.Key(item.Key) < (ulong)(_options.HeldOutShare * 18446744073709551616.0);
    }
}
