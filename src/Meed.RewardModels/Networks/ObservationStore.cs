using Meed.RewardModels.Data;
using Meed.RewardModels.Observations;

namespace Meed.RewardModels.Networks;

/// <summary>Observations as they were read, and the tokens of the texts about them.</summary>
internal sealed class ObservationStore(ObservationShape shape, bool optional, TokenStore? tokens) : SampleStore
{
    private readonly List<Observation?> _seen = [];

    public override Observation? Seen(int row) => _seen[row];

    public int[] Words(int row) => tokens is null ? [] : tokens.Row(row).ToArray();

    public int LengthOf(int row) => (_seen[row]?.Shape.Steps ?? 0) + (tokens?.LengthOf(row) ?? 0);

    public override int Add(IReadOnlyList<RewardInput> samples)
    {
        int first = Count;

        // The responses to one prompt share its picture: each source is opened once.
        ObservationSource[] sources = [.. samples.Select(s => s.Seen).OfType<ObservationSource>().Distinct()];
        var loaded = new Observation[sources.Length];
        var failed = new PreferenceException?[sources.Length];
        Parallel.For(0, sources.Length, i =>
        {
            try
            {
                loaded[i] = sources[i].Load(shape);
            }
            catch (PreferenceException e)
            {
                failed[i] = e;
            }
        });
        if (failed.FirstOrDefault(f => f is not null) is { } problem)
        {
            throw problem;
        }

        var known = new Dictionary<ObservationSource, Observation>(sources.Zip(loaded, KeyValuePair.Create));
        foreach (var sample in samples)
        {
            if (sample.Seen is null && !optional)
            {
                throw new PreferenceException($"{(sample.Line > 0 ? $"Line {sample.Line}: " : "")}{Missing(shape)}");
            }

            _seen.Add(sample.Seen is { } source ? known[source] : null);
        }

        tokens?.Add(samples);
        Count += samples.Count;
        return first;
    }

    /// <summary>What to say of a sample without an observation.</summary>
    public static string Missing(ObservationShape shape) => shape.Kind switch
    {
        ObservationKind.Picture => "the sample has no \"image\", which this model reads.",
        ObservationKind.Clip => "the sample has no \"frames\", which this model reads.",
        _ => "the sample has no \"states\", which this model reads.",
    };
}
