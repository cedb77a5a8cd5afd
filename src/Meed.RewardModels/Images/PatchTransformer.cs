using Meed.Numerics;
using Meed.RewardModels.Networks;

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

    /// <summary>The head: linear or two-layer.</summary>
    public HeadKind Head { get; init; }

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
        else if (Head == HeadKind.Attention)
        {
            yield return "Head is attention; numbers at every place need linear or two-layer.";
        }
        else if (Width % (2 * Heads) != 0)
        {
            yield return $"Width is {Width}; it is a multiple of twice the Heads, {2 * Heads}.";
        }
    }
}

/// <summary>A small transformer over the patches of a picture and the words behind them: a <see cref="PieceTransformer"/> for square pictures.</summary>
/// <remarks>A row's score stands at its last place. A row without a picture has a learned vector in its patches' places. A row's numbers have the same bits in any batch.</remarks>
public sealed class PatchTransformer
{
    private readonly PatchTransformerOptions _options;
    private readonly PieceTransformer _pieces;

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
        _pieces = new PieceTransformer(new PieceTransformerOptions
        {
            Piece = options.Channels * options.Patch * options.Patch, Words = options.Words, Width = options.Width, Layers = options.Layers, Heads = options.Heads, Outputs = options.Outputs, Head = options.Head, HeadSize = 2 * options.Width,
        }, random);
    }

    /// <summary>Patches of a picture.</summary>
    public int Patches => _options.Side / _options.Patch * (_options.Side / _options.Patch);

    /// <summary>Its parameters.</summary>
    public IEnumerable<Parameter> Parameters => _pieces.Parameters;

    /// <summary>Numbers at every place: patches, then words; undefined behind a row's last word.</summary>
    /// <param name="pictures">[B] of [channels · side · side], plane after plane, row after row; null for no picture.</param>
    /// <param name="words">[B] of word numbers; empty where there are none.</param>
    /// <returns>[B, patches + longest row of words, outputs].</returns>
    /// <exception cref="ArgumentException">A picture or word does not fit; the message names the row.</exception>
    public Tensor Forward(IReadOnlyList<float[]?> pictures, IReadOnlyList<int[]> words)
    {
        var (features, _) = Features(pictures, words);
        return _pieces.Head.Forward(features.Reshape(-1, _options.Width)).Reshape(pictures.Count, features.Shape[1], _options.Outputs);   // [B, P + T, K]
    }

    /// <summary>Numbers at each row's last place.</summary>
    /// <inheritdoc cref="Forward"/>
    /// <returns>[B, outputs].</returns>
    public Tensor Score(IReadOnlyList<float[]?> pictures, IReadOnlyList<int[]> words)
    {
        var (features, lengths) = Features(pictures, words);
        return _pieces.Head.Forward(_pieces.Pool(features, lengths));
    }

    private (Tensor Features, int[] Lengths) Features(IReadOnlyList<float[]?> pictures, IReadOnlyList<int[]> words)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(words);
        Check(pictures, words);
        return _pieces.Forward([.. pictures.Select(p => p is null ? [] : Patching.Cut(p, _options.Channels, _options.Side, _options.Side, _options.Patch))], words, Patches);
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
}
