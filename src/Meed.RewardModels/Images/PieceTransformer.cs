using Meed.Numerics;
using Meed.RewardModels.Networks;

namespace Meed.RewardModels.Images;

/// <summary>Shape of a <see cref="PieceTransformer"/>.</summary>
public sealed record PieceTransformerOptions
{
    /// <summary>Numbers of a piece.</summary>
    public int Piece { get; init; } = 48;

    /// <summary>Most pieces of a row that have a learned vector for their place; 0 for none, where the order alone tells places apart.</summary>
    public int Places { get; init; }

    /// <summary>Words of the vocabulary; 0 for none.</summary>
    public int Words { get; init; }

    /// <summary>Width of the residual stream, D.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Heads of a block.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Numbers of a row or place.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>The head: linear or two-layer at a row's last place, or attention over all of its places.</summary>
    public HeadKind Head { get; init; }

    /// <summary>Inner features of the two-layer head.</summary>
    public int HeadSize { get; init; } = 64;
}

/// <summary>A small transformer over the pieces of what is seen (patches, frames or states) and the words behind them.</summary>
/// <remarks>
/// Pieces are mapped by one matrix (Dosovitskiy et al. 2021, arXiv:2010.11929); they stand before the words, so that under the causal mask every word sees all of them. A row without pieces has a learned vector in their
/// place. A row's numbers have the same bits in any batch.
/// </remarks>
public sealed class PieceTransformer
{
    private readonly Linear _pieces;
    private readonly Parameter _missing;
    private readonly Parameter? _places;
    private readonly Embedding? _words;
    private readonly TransformerBlock[] _blocks;
    private readonly RmsNorm _norm;

    /// <summary>A network with random initial weights; its numbers start at 0.</summary>
    public PieceTransformer(PieceTransformerOptions options, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        Options = options;
        _pieces = new Linear("patches", options.Piece, options.Width, random, deviation: 1 / MathF.Sqrt(options.Piece));
        _missing = new Parameter("patches.missing", Tensor.Normal(random.Split("missing", 0), 0f, 0.5f, options.Width));
        _places = options.Places > 0 ? new Parameter("patches.places", Tensor.Normal(random.Split("places", 0), 0f, 0.1f, options.Places, options.Width)) : null;
        _words = options.Words > 0 ? new Embedding("words", options.Words, options.Width, random, 0.5f) : null;
        var block = new BlockOptions { Width = options.Width, Heads = options.Heads, KeyHeads = options.Heads, Hidden = 2 * options.Width, Deviation = 1 / MathF.Sqrt(options.Width), OutputDeviation = 1 / MathF.Sqrt(2 * options.Layers * options.Width) };
        _blocks = [.. Enumerable.Range(0, options.Layers).Select(i => new TransformerBlock($"layers.{i}", block, random))];
        _norm = new RmsNorm("norm", options.Width);
        Head = new ScoreHead(options.Head, options.Width, options.HeadSize, options.Outputs, random);
    }

    /// <summary>Its shape.</summary>
    public PieceTransformerOptions Options { get; }

    /// <summary>What makes numbers of features.</summary>
    public ScoreHead Head { get; }

    /// <summary>Its parameters.</summary>
    public IEnumerable<Parameter> Parameters => ((IEnumerable<Parameter>)[.. _pieces.Parameters, _missing, .. _words?.Parameters ?? [], .. _blocks.SelectMany(b => b.Parameters), .. _norm.Parameters, .. Head.Parameters]).Concat(_places is null ? [] : [_places]);

    /// <summary>Features at every place: pieces, then the summary, then words; undefined behind a row's last word.</summary>
    /// <param name="pieces">[B] of [pieces · numbers]; empty for a row without any.</param>
    /// <param name="words">[B] of word numbers; empty where there are none.</param>
    /// <param name="missing">Places that a row without pieces has for them.</param>
    /// <param name="summary">One more vector a row between pieces and words, [B, D]; null for none.</param>
    /// <returns>[B, longest row, D], and the length of each row.</returns>
    public (Tensor Features, int[] Lengths) Forward(IReadOnlyList<float[]> pieces, IReadOnlyList<int[]> words, int missing, Tensor? summary = null)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentNullException.ThrowIfNull(words);
        int rows = pieces.Count, width = Options.Width, extra = summary is null ? 0 : 1;
        int[] counts = [.. pieces.Select(p => p.Length / Options.Piece)];
        int[] lengths = [.. counts.Select((c, i) => (c == 0 ? missing : c) + extra + words[i].Length)];
        int longest = lengths.Max(), seen = counts.Sum();

        // Everything that stands somewhere, one row each; then each row of the batch takes its own.
        var all = new List<Tensor>();
        if (seen > 0)
        {
            var mapped = _pieces.Forward(Tensor.From([.. pieces.SelectMany(p => p)], seen, Options.Piece));   // [ΣP, D]
            all.Add(_places is null ? mapped : mapped + _places.Value.Take(0, [.. counts.SelectMany(c => Enumerable.Range(0, c))]));
        }

        int missingAt = seen, summaryAt = missingAt + (counts.Contains(0) ? 1 : 0);
        if (summaryAt > missingAt)
        {
            all.Add(_missing.Value.Reshape(1, width));
        }

        int wordAt = summaryAt + (extra * rows);
        if (summary is not null)
        {
            all.Add(summary);
        }

        int[] said = [.. words.SelectMany(w => w)];
        if (said.Length > 0)
        {
            all.Add(_words!.Forward(said));                                                              // [ΣT, D]
        }

        var index = new int[rows * longest];
        for (int i = 0, piece = 0; i < rows; i++)
        {
            int at = i * longest;
            for (int k = 0; k < (counts[i] == 0 ? missing : counts[i]); k++)
            {
                index[at++] = counts[i] == 0 ? missingAt : piece++;
            }

            if (extra > 0)
            {
                index[at++] = summaryAt + i;
            }

            for (int k = 0; k < words[i].Length; k++)
            {
                index[at++] = wordAt++;
            }
        }

        var x = (all.Count == 1 ? all[0] : Tensor.Concat(0, [.. all])).Take(0, index).Reshape(rows, longest, width);
        foreach (var block in _blocks)
        {
            x = block.Forward(x, lengths);
        }

        return (_norm.Forward(x), lengths);                                                            // [B, L, D]
    }

    /// <summary>What the head reads of each row: its last place, or the weighted mean of all.</summary>
    /// <param name="features">[B, L, D].</param>
    /// <param name="lengths">Places of each row.</param>
    /// <returns>[B, D].</returns>
    public Tensor Pool(Tensor features, int[] lengths)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(lengths);
        int longest = features.Shape[1];
        if (Options.Head == HeadKind.Attention)
        {
            // Row by row without padding, so that its sums do not depend on the other rows.
            return Tensor.Concat(0, [.. lengths.Select((length, b) => Head.Pool(features.Slice(0, b, 1).Slice(1, 0, length).Reshape(length, Options.Width)))]);
        }

        return features.Reshape(-1, Options.Width).Take(0, [.. lengths.Select((length, b) => (b * longest) + length - 1)]);
    }
}
