namespace Meed.Rewards;

/// <summary>What a preference states about itself.</summary>
/// <param name="Name">Its name in documents.</param>
/// <param name="Version">Changes whenever a verdict may change.</param>
/// <param name="Deterministic">True when the same pair always gets the same bits.</param>
public sealed record PreferenceSchema(string Name, string Version, bool Deterministic);

/// <summary>A reward that compares two samples instead of scoring one.</summary>
/// <typeparam name="TSample">What it compares.</typeparam>
public interface IPreference<in TSample>
{
    /// <summary>Name and version.</summary>
    PreferenceSchema Schema { get; }

    /// <summary>Compares pair by pair; row i of the result belongs to first[i] against second[i]. The lists are equally long.</summary>
    ValueTask<Preferences> CompareAsync(IReadOnlyList<TSample> first, IReadOnlyList<TSample> second, RewardContext context, CancellationToken cancellationToken = default);
}

/// <summary>Verdicts on pairs: the probability that the first is better, with status and reason.</summary>
public sealed class Preferences(PreferenceSchema schema, int count)
{
    private readonly double[] _probability = new double[count];
    private readonly ScoreStatus[] _status = new ScoreStatus[count];
    private readonly string?[] _reasons = new string?[count];

    /// <summary>The preference that made them.</summary>
    public PreferenceSchema Schema { get; } = schema;

    /// <summary>Pairs.</summary>
    public int Count => _probability.Length;

    /// <summary>Probability that the first of a pair is better, 0 to 1; 0.5 is a tie. Throws unless the pair's status is Ok.</summary>
    public double this[int pair] => _status[pair] == ScoreStatus.Ok
        ? _probability[pair]
        : throw new InvalidOperationException($"Preferences[{pair}] of '{Schema.Name}' has no verdict: its status is {_status[pair]}{(_reasons[pair] is { } r ? $" ({r})" : "")}.");

    /// <summary>Raw probabilities, [Count]; meaningful only where <see cref="Status"/> is Ok.</summary>
    public ReadOnlySpan<double> Probabilities => _probability;

    /// <summary>Status of each pair.</summary>
    public ReadOnlySpan<ScoreStatus> Status => _status;

    /// <summary>Reason of each pair, or null.</summary>
    public ReadOnlySpan<string?> Reasons => _reasons;

    /// <summary>Sets one verdict. A number outside 0 to 1, or none, makes the pair a VerifierError.</summary>
    public void Set(int pair, double probability, string? reason = null)
    {
        if (!(probability >= 0 && probability <= 1))
        {
            Fail(pair, ScoreStatus.VerifierError, $"The preference gave {probability}, outside 0 to 1.");
            return;
        }

        _probability[pair] = probability;
        _status[pair] = ScoreStatus.Ok;
        _reasons[pair] = reason;
    }

    /// <summary>A pair without a verdict.</summary>
    public void Fail(int pair, ScoreStatus status, string? reason)
    {
        _probability[pair] = 0;
        _status[pair] = status;
        _reasons[pair] = reason;
    }
}
