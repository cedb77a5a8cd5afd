using System.Collections.Concurrent;
using System.Text.Json;
using Meed.Rewards;

namespace Meed.Tasks.Countdown;

/// <summary>Reach a target from a few numbers with + − × and parentheses, each number used exactly once.</summary>
/// <remarks>
/// <para>Text: the prompt <c>3,7,9=30:</c> is answered by <c>(7*3)+9</c>. Numbers are drawn uniformly and the target uniformly from those they can reach, so that every puzzle has a solution.</para>
/// <para>
/// Held-out rule: two puzzles are the same when sorted numbers and target agree, key <c>3,7,9=30</c>. The standard world's solvable puzzles are ordered by <see cref="Hashing.Key"/> of
/// that key, and the first <see cref="CountdownOptions.HeldOut"/> are held out. At other difficulties a puzzle is held out when its hash does not exceed the last of those.
/// </para>
/// </remarks>
public sealed class CountdownTask : ITask<TextSample>
{
    private readonly CountdownOptions _options;
    private readonly ConcurrentDictionary<string, SortedDictionary<int, List<string>>> _solved = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]> _targets = new(StringComparer.Ordinal);
    private readonly Lazy<ulong?> _lastHeldOut;

    /// <summary>A world of the given size.</summary>
    public CountdownTask(CountdownOptions? options = null)
    {
        _options = options ?? new CountdownOptions();
        var problems = _options.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException($"countdown: {string.Join(" ", problems)}", nameof(options));
        }

        _lastHeldOut = new Lazy<ulong?>(FindLastHeldOut);
    }

    /// <inheritdoc/>
    public string Name => "countdown";

    /// <inheritdoc/>
    public string Alphabet => "0123456789+-*(),=:";

    /// <inheritdoc/>
    public IReward<TextSample> Gold { get; } = new CountdownVerifier();

    /// <inheritdoc/>
    public TaskItem<TextSample> Generate(ulong seed, Difficulty difficulty)
    {
        int count = _options.Numbers + difficulty.Level;
        if (count is < 2 or > 5)
        {
            throw new ArgumentOutOfRangeException(nameof(difficulty), $"countdown: difficulty {difficulty.Level} asks for {count} numbers; a puzzle has 2 to 5.");
        }

        var numbers = new int[count];
        for (int i = 0; ; i++)
        {
            for (int n = 0; n < count; n++)
            {
                numbers[n] = 1 + Hashing.Below(Hashing.Mix(seed, (ulong)((i * (count + 1)) + n)), _options.LargestNumber);
            }

            int[] targets = Targets(numbers);
            if (targets.Length > 0)
            {
                int target = targets[Hashing.Below(Hashing.Mix(seed, (ulong)((i * (count + 1)) + count)), targets.Length)];
                return Item(numbers, target);
            }
        }
    }

    /// <summary>The item of given numbers, in the order in which the prompt shows them, and a target.</summary>
    public static TaskItem<TextSample> Item(IReadOnlyList<int> numbers, int target)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        var sample = new TextSample
        {
            Prompt = [new Message("user", $"{string.Join(',', numbers)}={target}:")],
            Reference = JsonSerializer.SerializeToElement(new { numbers, target }),
        };
        return new TaskItem<TextSample>(Key(numbers, target), sample);
    }

    /// <inheritdoc/>
    public TextSample Oracle(TaskItem<TextSample> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var (numbers, target) = Read(item);
        return Solutions(numbers).TryGetValue(target, out var solutions)
            ? item.Sample with { Response = solutions[0] }
            : throw new ArgumentException($"countdown: {item.Key} has no solution.", nameof(item));
    }

    /// <inheritdoc/>
    public TextSample? Demonstrate(TaskItem<TextSample> item, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(item);
        var (numbers, target) = Read(item);
        if (!Solutions(numbers).TryGetValue(target, out var solutions))
        {
            return null;
        }

        var allowed = solutions.Where(s => s.All(c => !"+-*".Contains(c) || _options.Demonstrations.Contains(c))).ToList();
        return allowed.Count == 0 ? null : item.Sample with { Response = allowed[Hashing.Below(Hashing.Mix(seed, 0), allowed.Count)] };
    }

    /// <inheritdoc/>
    public bool IsHeldOut(TaskItem<TextSample> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return _lastHeldOut.Value is { } last && Hashing.Key(item.Key) <= last;
    }

    /// <summary>Keys of every solvable puzzle of the standard difficulty, unordered.</summary>
    public IEnumerable<string> StandardKeys()
    {
        var numbers = Enumerable.Repeat(1, _options.Numbers).ToArray();
        while (true)
        {
            foreach (int target in Targets(numbers))
            {
                yield return Key(numbers, target);
            }

            int i = numbers.Length - 1;
            while (i >= 0 && numbers[i] == _options.LargestNumber)
            {
                i--;
            }

            if (i < 0)
            {
                yield break;
            }

            Array.Fill(numbers, numbers[i] + 1, i, numbers.Length - i);   // the next ascending tuple
        }
    }

    private static string Key(IEnumerable<int> numbers, int target) => $"{string.Join(',', numbers.Order())}={target}";

    private static (int[] Numbers, int Target) Read(TaskItem<TextSample> item) =>
        ([.. item.Sample.Reference.GetProperty("numbers").EnumerateArray().Select(n => n.GetInt32())], item.Sample.Reference.GetProperty("target").GetInt32());

    private SortedDictionary<int, List<string>> Solutions(int[] numbers)
    {
        int[] sorted = [.. numbers.Order()];
        return _solved.GetOrAdd(string.Join(',', sorted), _ => CountdownSolver.Solve(sorted));
    }

    private int[] Targets(int[] numbers)
    {
        int[] sorted = [.. numbers.Order()];
        return _targets.GetOrAdd(string.Join(',', sorted), _ => [.. Solutions(sorted).Keys.Where(t => t >= 1 && t <= _options.LargestTarget)]);
    }

    private ulong? FindLastHeldOut()
    {
        var hashes = StandardKeys().Select(Hashing.Key).Order().ToList();
        if (_options.HeldOut > hashes.Count)
        {
            throw new ArgumentException($"countdown: {_options.HeldOut} puzzles are to be held out, but the world has {hashes.Count} solvable ones.");
        }

        return _options.HeldOut == 0 ? null : hashes[_options.HeldOut - 1];
    }
}
