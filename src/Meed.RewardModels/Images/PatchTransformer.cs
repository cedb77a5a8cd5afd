using Meed.Numerics;

namespace Meed.RewardModels.Images;

/// <summary>Shape of a <see cref="PatchTransformer"/>.</summary>
public sealed record PatchTransformerOptions
{
    /// <summary>Pixels of a picture's side.</summary>
    public int Side { get; init; } = 8;

    /// <summary>Pixels of a patch's side; divides <see cref="Side"/>.</summary>
    public int Patch { get; init; } = 4;

    /// <summary>Planes of a picture.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Words of the vocabulary; 0 for pictures alone.</summary>
    public int Words { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public int Width { get; init; } = 32;

    /// <summary>Blocks.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Heads of a block.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Numbers at every place.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (Side < 1 || Patch < 1 || Side % Patch != 0)
        {
            yield return $"Side is {Side} and Patch {Patch}; a patch's side divides the picture's.";
        }

        if (Channels < 1 || Width < 1 || Layers < 1 || Heads < 1 || Outputs < 1 || Words < 0)
        {
            yield return $"Channels is {Channels}, Width {Width}, Layers {Layers}, Heads {Heads}, Outputs {Outputs}, Words {Words}; all are 1 or more, Words 0 or more.";
        }
        else if (Width % (2 * Heads) != 0)
        {
            yield return $"Width is {Width}; it is a multiple of twice the Heads, {2 * Heads}.";
        }
    }
}

/// <summary>A small transformer over the patches of a picture and the words behind them.</summary>
/// <remarks>
/// Patches are flattened and mapped by one matrix (Dosovitskiy et al. 2021, arXiv:2010.11929); they stand before the words, so that under the causal mask every word sees the whole picture. A row's score stands
/// at its last place. A row without a picture has a learned vector in its patches' places. A row's numbers have the same bits in any batch.
/// </remarks>
public sealed class PatchTransformer
{
    private readonly PatchTransformerOptions _options;
    private readonly Linear _patches;
    private readonly Parameter _missing;
    private readonly Embedding? _words;
    private readonly TransformerBlock[] _blocks;
    private readonly RmsNorm _norm;
    private readonly Linear _head;

    /// <summary>A network with random initial weights; its numbers start at 0.</summary>
    /// <exception cref="ArgumentException">The options have problems.</exception>
    public PatchTransformer(PatchTransformerOptions options, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        string problems = string.Join(' ', options.Problems());
        if (problems.Length > 0)
        {
            throw new ArgumentException($"PatchTransformer: {problems}", nameof(options));
        }

        _options = options;
        int patch = options.Channels * options.Patch * options.Patch;
        _patches = new Linear("patches", patch, options.Width, random, deviation: 1 / MathF.Sqrt(patch));
        _missing = new Parameter("patches.missing", Tensor.Normal(random.Split("missing", 0), 0f, 0.5f, options.Width));
        _words = options.Words > 0 ? new Embedding("words", options.Words, options.Width, random, 0.5f) : null;
        var block = new BlockOptions { Width = options.Width, Heads = options.Heads, KeyHeads = options.Heads, Hidden = 2 * options.Width, Deviation = 1 / MathF.Sqrt(options.Width), OutputDeviation = 1 / MathF.Sqrt(2 * options.Layers * options.Width) };
        _blocks = [.. Enumerable.Range(0, options.Layers).Select(i => new TransformerBlock($"layers.{i}", block, random))];
        _norm = new RmsNorm("norm", options.Width);
        _head = new Linear("score", options.Width, options.Outputs, random, deviation: 0);
    }

    /// <summary>Patches of a picture.</summary>
    public int Patches => _options.Side / _options.Patch * (_options.Side / _options.Patch);

    /// <summary>Its parameters.</summary>
    public IEnumerable<Parameter> Parameters => [.. _patches.Parameters, _missing, .. _words?.Parameters ?? [], .. _blocks.SelectMany(b => b.Parameters), .. _norm.Parameters, .. _head.Parameters];

    /// <summary>Numbers at every place: patches, then words; undefined behind a row's last word.</summary>
    /// <param name="pictures">[B] of [channels · side · side], plane after plane, row after row; null for no picture.</param>
    /// <param name="words">[B] of word numbers; empty where there are none.</param>
    /// <returns>[B, patches + longest row of words, outputs].</returns>
    /// <exception cref="ArgumentException">A picture or word does not fit; the message names the row.</exception>
    public Tensor Forward(IReadOnlyList<float[]?> pictures, IReadOnlyList<int[]> words)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(words);
        Check(pictures, words);
        int rows = pictures.Count, longest = words.Max(w => w.Length), width = _options.Width;
        var x = _patches.Forward(Cut(pictures));                                                       // [B, P, D]
        if (pictures.Any(p => p is null))
        {
            bool[] missing = [.. pictures.SelectMany(p => Enumerable.Repeat(p is null, Patches * width))];
            x = Tensor.Where(missing, _missing.Value.BroadcastTo(rows, Patches, width), x);
        }

        if (longest > 0)
        {
            int[] padded = [.. words.SelectMany(w => w.Concat(Enumerable.Repeat(0, longest - w.Length)))];
            x = Tensor.Concat(1, x, _words!.Forward(padded, rows, longest));                           // [B, P + T, D]
        }

        int[] lengths = [.. words.Select(w => Patches + w.Length)];
        foreach (var block in _blocks)
        {
            x = block.Forward(x, lengths);
        }

        return _head.Forward(_norm.Forward(x));                                                        // [B, P + T, K]
    }

    /// <summary>Numbers at each row's last place.</summary>
    /// <inheritdoc cref="Forward"/>
    /// <returns>[B, outputs].</returns>
    public Tensor Score(IReadOnlyList<float[]?> pictures, IReadOnlyList<int[]> words)
    {
        var all = Forward(pictures, words);
        int places = all.Shape[1];
        return all.Reshape(-1, _options.Outputs).Take(0, [.. words.Select((w, row) => (row * places) + Patches + w.Length - 1)]);
    }

    private void Check(IReadOnlyList<float[]?> pictures, IReadOnlyList<int[]> words)
    {
        if (pictures.Count != words.Count || pictures.Count == 0)
        {
            throw new ArgumentException($"PatchTransformer: {pictures.Count} pictures and {words.Count} rows of words; they come in equal numbers, at least one.", nameof(words));
        }

        int size = _options.Channels * _options.Side * _options.Side;
        for (int i = 0; i < pictures.Count; i++)
        {
            if (pictures[i] is { } picture && (picture.Length != size || !Array.TrueForAll(picture, float.IsFinite)))
            {
                throw new ArgumentException($"PatchTransformer: picture {i} has {picture.Length} numbers{(picture.Length == size ? ", one of them not finite" : $"; it is {_options.Channels} planes of {_options.Side} × {_options.Side}")}.", nameof(pictures));
            }

            if (Array.FindIndex(words[i], w => (uint)w >= (uint)_options.Words) is var bad and >= 0)
            {
                throw new ArgumentException($"PatchTransformer: word {bad} of row {i} is {words[i][bad]}; the vocabulary has {_options.Words}.", nameof(words));
            }
        }
    }

    // [B, P, channels · patch · patch]
    private Tensor Cut(IReadOnlyList<float[]?> pictures)
    {
        int side = _options.Side, patch = _options.Patch, across = side / patch, size = _options.Channels * patch * patch;
        var cut = new float[pictures.Count * Patches * size];
        int at = 0;
        foreach (float[]? picture in pictures)
        {
            for (int p = 0; p < Patches; p++)
            {
                for (int i = 0; i < size; i++)
                {
                    int channel = i / (patch * patch), y = (p / across * patch) + (i / patch % patch), x = (p % across * patch) + (i % patch);
                    cut[at++] = picture is null ? 0 : picture[(channel * side * side) + (y * side) + x];
                }
            }
        }

        return Tensor.From(cut, pictures.Count, Patches, size);
    }
}
