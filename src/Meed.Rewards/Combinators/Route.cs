using Meed.Rewards.Documents;

namespace Meed.Rewards.Combinators;

/// <summary>Options of <c>route</c>.</summary>
public sealed record RouteOptions
{
    /// <summary>Where the name of the case stands: a path such as <c>item.kind</c> or <c>reference.type</c>.</summary>
    public string By { get; init; } = "";

    /// <summary>A reward for each case.</summary>
    public IReadOnlyDictionary<string, DocumentNode> Cases { get; init; } = new Dictionary<string, DocumentNode>();

    /// <summary>The reward of samples that no case names; without it they are not applicable.</summary>
    public DocumentNode? Else { get; init; }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (By.Length == 0)
        {
            yield return "By is missing; write where the case stands, such as item.kind.";
        }

        if (Cases.Count == 0)
        {
            yield return "Cases is empty; write at least one name with its reward.";
        }
    }
}

/// <summary>Sends each sample to the reward of its case. A sample that no case names is NotApplicable unless there is an else.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
public sealed class Route<TSample> : Combinator<TSample>
{
    private readonly Func<TSample, string?> _key;
    private readonly Dictionary<string, int> _cases = new(StringComparer.Ordinal);
    private readonly int _else = -1;

    /// <summary>A route.</summary>
    /// <param name="key">The case of a sample; null when it has none.</param>
    /// <param name="cases">A reward for each case, at least one.</param>
    /// <param name="other">The reward of samples that no case names; null leaves them not applicable.</param>
    public Route(Func<TSample, string?> key, IReadOnlyList<KeyValuePair<string, IReward<TSample>>> cases, IReward<TSample>? other = null)
        : base("route", All(cases, other), All(cases, other).Min(c => c.Reward.Schema.Minimum), All(cases, other).Max(c => c.Reward.Schema.Maximum),
            mayNotApply: other is null || other.Schema.MayNotApply || cases.Any(c => c.Value.Schema.MayNotApply))
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Children.FirstOrDefault(c => c.Reward.Schema.Scope == RewardScope.Batch).Reward is { } wide)
        {
            throw new ArgumentException($"route: '{wide.Schema.Name}' depends on the whole batch, but only sees its case. Put the route inside it.");
        }

        _key = key;
        for (int i = 0; i < cases.Count; i++)
        {
            _cases.Add(cases[i].Key, i);
        }

        _else = other is null ? -1 : cases.Count;
    }

    /// <inheritdoc/>
    protected override async ValueTask<Scores[]> ScoreChildrenAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken)
    {
        var rows = new List<int>[Children.Count];
        for (int c = 0; c < rows.Length; c++)
        {
            rows[c] = [];
        }

        for (int row = 0; row < samples.Count; row++)
        {
            int c = _key(samples[row]) is { } key && _cases.TryGetValue(key, out int found) ? found : _else;
            if (c >= 0)
            {
                rows[c].Add(row);
            }
        }

        var scores = new Scores[Children.Count];
        for (int c = 0; c < scores.Length; c++)
        {
            scores[c] = await ScoreRowsAsync(c, [.. rows[c]], samples, context, cancellationToken).ConfigureAwait(false);
        }

        return scores;
    }

    /// <inheritdoc/>
    protected override void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause)
    {
        for (int row = 0; row < result.Count; row++)
        {
            int c = Array.FindIndex(children, s => s.Status[row] != ScoreStatus.Unset);
            if (c < 0)
            {
                result.Status[row] = ScoreStatus.NotApplicable;
                result.Reasons[row] = "no case";
                continue;
            }

            result.Status[row] = children[c].Status[row];
            result.Values[row] = children[c].Values[row];
            result.Segments[row] = children[c].Segments[row];
            cause[row] = result.Status[row] == ScoreStatus.Ok ? -1 : c;
        }
    }

    private static List<(string Slot, IReward<TSample> Reward)> All(IReadOnlyList<KeyValuePair<string, IReward<TSample>>> cases, IReward<TSample>? other)
    {
        if (cases.Count == 0)
        {
            throw new ArgumentException("route: there are no cases; give at least one.");
        }

        List<(string, IReward<TSample>)> all = [.. cases.Select(c => ($".cases.{c.Key}", c.Value))];
        if (other is not null)
        {
            all.Add((".else", other));
        }

        return all;
    }
}
