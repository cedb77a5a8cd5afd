namespace Meed.Evaluation.Audit;

/// <summary>A set of texts that resemble one another.</summary>
public sealed class TextCluster
{
    internal TextCluster(uint[] signature, string example, string place, long missed)
        => (Signature, Example, Place, Missed) = (signature, example, place, missed);

    /// <summary>Texts in it. At most <see cref="Missed"/> more may have come before it was kept.</summary>
    public long Count { get; internal set; }

    /// <summary>Sum of their rewards.</summary>
    public double Sum { get; internal set; }

    /// <summary>The first text, shortened.</summary>
    public string Example { get; }

    /// <summary>Where the first text stands: file and line.</summary>
    public string Place { get; }

    /// <summary>Prompts its texts answer, at most <see cref="ClusterCounter.MostOrigins"/> counted.</summary>
    public int Prompts => Origins.Count;

    /// <summary>Bound on texts of it that were forgotten.</summary>
    public long Missed { get; }

    internal uint[] Signature { get; }

    internal HashSet<ulong> Origins { get; } = [];
}

/// <summary>Counts clusters of similar texts in a stream with bounded memory.</summary>
/// <remarks>
/// A text joins the cluster whose first text it resembles most, if the estimated Jaccard similarity of their word 5-grams is at least 0.5; otherwise it begins one.
/// Candidates share one of 42 bands of three minima: at a similarity of 0.5 one is missed with probability 0.4 %. Once in every window of texts, clusters that cannot be frequent are
/// dropped (lossy counting, Manku and Motwani 2002): one with more than one in <c>window</c> texts is never lost.
/// </remarks>
public sealed class ClusterCounter(int window = 1024)
{
    /// <summary>Least similarity to a cluster's first text.</summary>
    public const double Threshold = 0.5;

    /// <summary>Prompts counted for a cluster.</summary>
    public const int MostOrigins = 16;

    private const int Bands = 42;
    private const int RowsPerBand = 3;
    private const int ExampleLength = 400;
    private readonly Dictionary<ulong, List<TextCluster>> _bands = [];
    private readonly List<TextCluster> _clusters = [];

    /// <summary>Texts counted.</summary>
    public long Texts { get; private set; }

    /// <summary>The clusters that are kept, in order of their first text.</summary>
    public IReadOnlyList<TextCluster> Clusters => _clusters;

    /// <summary>Counts a text.</summary>
    /// <param name="grams">Its grams.</param>
    /// <param name="reward">Its reward.</param>
    /// <param name="text">The text, for the example.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="prompt">Stands for the prompt it answers.</param>
    public void Add(ulong[] grams, double reward, string text, string place, ulong prompt)
    {
        ArgumentNullException.ThrowIfNull(grams);
        ArgumentNullException.ThrowIfNull(text);
        uint[] signature = MinHash.Signature(grams);
        var cluster = Find(signature);
        if (cluster is null)
        {
            cluster = new TextCluster(signature, text.Length > ExampleLength ? text[..ExampleLength] + " …" : text, place, Texts / window);
            _clusters.Add(cluster);
            for (int b = 0; b < Bands; b++)
            {
                ulong key = Band(signature, b);
                if (!_bands.TryGetValue(key, out var list))
                {
                    _bands[key] = list = [];
                }

                list.Add(cluster);
            }
        }

        cluster.Count++;
        if (cluster.Origins.Count < MostOrigins)
        {
            cluster.Origins.Add(prompt);
        }

        cluster.Sum += reward;
        Texts++;
        if (Texts % window == 0)
        {
            Drop(Texts / window);
        }
    }

    /// <summary>The cluster that a signature belongs to; null when there is none.</summary>
    public TextCluster? Find(uint[] signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        TextCluster? best = null;
        double similarity = Threshold;
        HashSet<TextCluster>? seen = null;
        for (int b = 0; b < Bands; b++)
        {
            if (!_bands.TryGetValue(Band(signature, b), out var candidates))
            {
                continue;
            }

            foreach (var candidate in candidates)
            {
                if ((seen ??= []).Add(candidate) && MinHash.Similarity(candidate.Signature, signature) is var found && (found > similarity || (found == similarity && best is null)))
                {
                    (best, similarity) = (candidate, found);
                }
            }
        }

        return best;
    }

    private void Drop(long windows)
    {
        foreach (var cluster in _clusters.Where(c => c.Count + c.Missed <= windows).ToList())
        {
            for (int b = 0; b < Bands; b++)
            {
                ulong key = Band(cluster.Signature, b);
                var list = _bands[key];
                list.Remove(cluster);
                if (list.Count == 0)
                {
                    _bands.Remove(key);
                }
            }
        }

        _clusters.RemoveAll(c => c.Count + c.Missed <= windows);
    }

    private static ulong Band(uint[] signature, int band)
    {
        int at = band * RowsPerBand;
        return Shingles.Mix(Shingles.Mix(((ulong)signature[at] << 32) | signature[at + 1]) + ((ulong)signature[at + 2] << 8) + (ulong)band);
    }
}
