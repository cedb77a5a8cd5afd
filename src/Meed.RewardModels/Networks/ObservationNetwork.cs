using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Meed.Models;
using Meed.Models.Tokenizers;
using Meed.Numerics;
using Meed.RewardModels.Clips;
using Meed.RewardModels.Data;
using Meed.RewardModels.Images;
using Meed.RewardModels.Observations;

namespace Meed.RewardModels.Networks;

/// <summary>A small transformer over pictures, clips or states and the texts about them, with a head.</summary>
/// <remarks>
/// A picture is cut into patches, a clip into the patches of its frames, states are one piece a step with their action; every place has a learned vector. What changes between the frames of a clip comes in as one more place
/// (<see cref="MotionBranch"/>). Prompt and response follow as tokens. States are shifted and scaled by mean and deviation over the first training rows, which are part of the weights. Locked to the sizes of
/// its observations.
/// </remarks>
public sealed class ObservationNetwork : RewardNetwork
{
    private const int ScoringRows = 32, SurveyedRows = 2048, TokenizerTexts = 20_000, MostPieces = 1024;
    private const string TokenizerName = "tokenizer.json";
    private readonly PieceTransformer _pieces;
    private readonly MotionBranch? _motion;
    private readonly float[]? _mean;
    private readonly float[]? _scale;
    private readonly ITokenizer? _tokenizer;
    private readonly int _patch;
    private AdamW? _optimizer;

    /// <summary>A network with random initial weights; its numbers start at 0.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="shape">Sizes of the observations.</param>
    /// <param name="tokenizer">For texts; null where none are read.</param>
    /// <param name="outputs">Numbers a sample gets.</param>
    /// <param name="random">For the weights.</param>
    /// <exception cref="InvalidDataException">The options do not fit the sizes.</exception>
    public ObservationNetwork(ObservationOptions options, ObservationShape shape, ITokenizer? tokenizer, int outputs, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(random);
        if (string.Join(' ', options.Problems()) is { Length: > 0 } problems)
        {
            throw new InvalidDataException($"{Name(options.Kind)}: {problems}");
        }

        if (shape.Kind != options.Kind || tokenizer is null != (options.Vocabulary == 0))
        {
            throw new InvalidDataException($"{Name(options.Kind)}: the observations are {shape}{(tokenizer is null != (options.Vocabulary == 0) ? $", and Vocabulary {options.Vocabulary} goes {(tokenizer is null ? "without" : "with")} a tokenizer" : "")}.");
        }

        Options = options;
        Shape = shape;
        Outputs = outputs;
        _tokenizer = tokenizer;
        int frame = shape.Channels * shape.Height * shape.Width, piece = shape.StepSize, places = shape.Steps;
        if (shape.Kind == ObservationKind.States)
        {
            _mean = new float[piece];
            _scale = [.. Enumerable.Repeat(1f, piece)];
        }
        else
        {
            int wished = options is PictureEncoderOptions p ? p.Patch : ((ClipEncoderOptions)options).Patch, most = shape.Kind == ObservationKind.Picture ? 16 : Math.Max(1, 64 / shape.Steps);
            _patch = wished > 0 ? wished : Patching.Choose(shape.Height, shape.Width, most);
            places = shape.Steps * (shape.Height / _patch) * (shape.Width / _patch);
            piece = shape.Channels * _patch * _patch;
            if (shape.Height % _patch != 0 || shape.Width % _patch != 0 || places > MostPieces)
            {
                throw new InvalidDataException($"{Name(shape.Kind)}: {shape} do not make patches of {_patch} × {_patch}: the side has to divide both sides and leave at most {MostPieces} patches. Name another encoder.{Name(shape.Kind)}.patch, or scale the pictures to another size.");
            }
        }

        int motion = options is ClipEncoderOptions clip ? Math.Min(clip.Motion, shape.Steps - 1) : 0;
        _motion = motion > 0 ? new MotionBranch(frame, options.Width, motion, random) : null;
        _pieces = new PieceTransformer(new PieceTransformerOptions
        {
            Piece = piece, Places = places, Words = tokenizer?.VocabularySize ?? 0, Width = options.Width, Layers = options.Layers, Heads = options.Heads, Outputs = outputs, Head = options.Head, HeadSize = options.HeadSize,
        }, random);
    }

    /// <summary>Its options.</summary>
    public ObservationOptions Options { get; }

    /// <summary>Sizes of the observations that it reads.</summary>
    public ObservationShape Shape { get; }

    /// <inheritdoc/>
    public override string Kind => Name(Shape.Kind);

    /// <summary>Name of the template; <c>none</c> where no text is read.</summary>
    public string Template => _tokenizer is null ? "none" : ChatTemplate.RoleTags.Name;

    /// <inheritdoc/>
    public override IEnumerable<(string Name, Tensor Value)> Weights => [.. Learned.Select(p => (p.Name, p.Value)), .. Fixed];

    private IEnumerable<Parameter> Learned => _pieces.Parameters.Concat(_motion?.Parameters ?? []);

    private IEnumerable<(string, Tensor)> Fixed => _mean is null ? [] : [("states.mean", Tensor.From(_mean, _mean.Length)), ("states.scale", Tensor.From(_scale!, _mean.Length))];

    /// <summary>The encoder's key in recipes.</summary>
    public static string Name(ObservationKind kind) => kind switch { ObservationKind.Picture => "pictures", ObservationKind.Clip => "clips", _ => "states" };

    /// <summary>A network for the observations and texts of some rows.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="outputs">Numbers a sample gets.</param>
    /// <param name="training">Rows of the training part, of which the first thousands are looked at: they give sizes, tokenizer, mean and deviation.</param>
    /// <param name="random">For the weights.</param>
    /// <exception cref="PreferenceException">No row has an observation, or it is of another kind.</exception>
    public static ObservationNetwork Create(ObservationOptions options, int outputs, IEnumerable<PreferenceRow> training, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(training);
        var texts = new List<string>();
        var sources = new List<ObservationSource>();
        int rows = 0;
        foreach (var row in training)
        {
            if ((rows >= SurveyedRows || (options.Kind != ObservationKind.States && sources.Count > 0)) && (options.Vocabulary == 0 || texts.Count >= TokenizerTexts))
            {
                break;
            }

            rows++;
            texts.AddRange(row.Prompt.Select(m => m.Content).Concat(row.Responses.Select(r => r.Text ?? "")));
            if (rows <= SurveyedRows || sources.Count == 0)
            {
                sources.AddRange(((ObservationSource?[])[row.Observation, .. row.Responses.Select(r => r.Observation)]).OfType<ObservationSource>());
            }
        }

        if (sources.Count == 0)
        {
            string field = options.Kind switch { ObservationKind.Picture => "image", ObservationKind.Clip => "frames", _ => "states" };
            throw new PreferenceException($"encoder.{Name(options.Kind)}: none of {rows:N0} training rows has \"{field}\", at the row or at its responses.");
        }

        var shape = sources[0].Load().Shape;
        if (shape.Kind != options.Kind)
        {
            throw new PreferenceException($"encoder.{Name(options.Kind)}: the first observation is {shape}; use the encoder {Name(shape.Kind)}.");
        }

        shape = options is StateEncoderOptions states ? shape with { Steps = states.Steps } : shape;
        var tokenizer = options.Vocabulary > 0 ? BpeTrainer.Train(texts, options.Vocabulary, ChatTemplate.SpecialTokens) : null;
        var network = new ObservationNetwork(options, shape, tokenizer, outputs, random);
        if (network._mean is not null)
        {
            network.Scale([.. sources.Select(s => s.Load(shape))]);
        }

        return network;
    }

    /// <summary>The network of a folder, with random weights and the tokenizer beside them.</summary>
    internal static ObservationNetwork Open(ObservationOptions options, ObservationShape? shape, string folder, int outputs)
    {
        if (shape is null)
        {
            throw new InvalidDataException($"{Path.Combine(folder, RewardModelInfo.FileName)} names the encoder {Name(options.Kind)} and no \"shape\" of its observations.");
        }

        return new ObservationNetwork(options, shape, options.Vocabulary > 0 ? TokenizerFile.Load(Path.Combine(folder, TokenizerName)) : null, outputs, new RandomStream(0));
    }

    /// <inheritdoc/>
    public override SampleStore NewStore() => new ObservationStore(Shape, Options.Optional, _tokenizer is null ? null : new TokenStore(_tokenizer, ChatTemplate.RoleTags, Options.MaximumTokens, false, null));

    /// <inheritdoc/>
    public override Tensor Forward(SampleStore store, int[] rows) => _pieces.Head.Forward(Pool((ObservationStore)store, rows));

    /// <inheritdoc/>
    public override float[] Score(SampleStore store, int[] rows) => InParts(store, rows, Outputs, own => Forward(store, own));

    /// <inheritdoc/>
    public override float[] Features(SampleStore store, int[] rows) => InParts(store, rows, Options.Width, own => Pool((ObservationStore)store, own));

    /// <inheritdoc/>
    public override void BeginTraining(float decay, IReadOnlyList<Parameter> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var free = new HashSet<Parameter>(more);
        _optimizer = new AdamW([.. Learned, .. more], 1e-3f, decay, decays: p => !free.Contains(p) && p.Shape.Length > 1);
    }

    /// <inheritdoc/>
    public override float Step(Tensor loss, float learningRate, float maxGradNorm)
    {
        var optimizer = _optimizer ?? throw new InvalidOperationException("ObservationNetwork.Step comes after BeginTraining.");
        optimizer.LearningRate = learningRate;
        optimizer.Step(loss, maxGradNorm, out float norm);
        return norm;
    }

    /// <inheritdoc/>
    public override void Restore(IReadOnlyList<float[]> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Parameter[] learned = [.. Learned];
        for (int i = 0; i < learned.Length; i++)
        {
            learned[i].Load(snapshot[i]);
        }

        if (_mean is not null)
        {
            snapshot[learned.Length].CopyTo(_mean, 0);
            snapshot[learned.Length + 1].CopyTo(_scale!, 0);
        }
    }

    /// <inheritdoc/>
    public override void SaveFiles(string folder)
    {
        if (_tokenizer is not null)
        {
            TokenizerFile.Save(_tokenizer, Path.Combine(folder, TokenizerName));
        }
    }

    /// <inheritdoc/>
    public override string Lock()
    {
        var text = new StringBuilder($"{Kind} {Shape} {Template}");
        if (_tokenizer is not null)
        {
            var store = new TokenStore(_tokenizer, ChatTemplate.RoleTags, Options.MaximumTokens, false, null);
            store.Add([Probe]);
            foreach (int token in store.Row(0))
            {
                text.Append(CultureInfo.InvariantCulture, $" {token}={Convert.ToHexString(_tokenizer.BytesOf(token))}");
            }
        }

        // A probe observation tells whether cutting into pieces is what it was in training.
        var probe = new Observation(Shape, [.. Enumerable.Range(0, Shape.Steps * Shape.StepSize).Select(i => i % 251 / 250f)]);
        text.Append(' ').Append(Locks.Hash(MemoryMarshal.AsBytes(Cut(probe).AsSpan())));
        return Locks.Hash(text.ToString());
    }

    // [N, D]
    private Tensor Pool(ObservationStore store, int[] rows)
    {
        float[][] pieces = [.. rows.Select(r => store.Seen(r) is { } seen ? Cut(seen) : [])];
        int[][] words = [.. rows.Select(store.Words)];
        var (features, lengths) = _pieces.Forward(pieces, words, missing: 1, _motion?.Encode(Frames(store, rows)));
        return _pieces.Pool(features, lengths);
    }

    private static float[] InParts(SampleStore store, int[] rows, int width, Func<int[], Tensor> of)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var kept = (ObservationStore)store;
        var all = new float[rows.Length * width];

        // Rows of like length together; which rows share a batch changes no bit of any.
        int[] order = [.. Enumerable.Range(0, rows.Length).OrderBy(i => kept.LengthOf(rows[i])).ThenBy(i => i)];
        foreach (var part in order.Chunk(ScoringRows))
        {
            using var scope = Tape.Begin(record: false);
            float[] own = of(Array.ConvertAll(part, i => rows[i])).ToArray();
            for (int i = 0; i < part.Length; i++)
            {
                own.AsSpan(i * width, width).CopyTo(all.AsSpan(part[i] * width));
            }
        }

        return all;
    }

    // [pieces · numbers]
    private float[] Cut(Observation seen)
    {
        var values = new float[seen.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = seen[i];
        }

        if (_mean is not null)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (values[i] - _mean[i % _mean.Length]) * _scale![i % _mean.Length];
            }

            return values;
        }

        var cut = new float[values.Length];
        for (int t = 0; t < Shape.Steps; t++)
        {
            Patching.Cut(values.AsSpan(t * Shape.StepSize, Shape.StepSize), cut.AsSpan(t * Shape.StepSize, Shape.StepSize), Shape.Channels, Shape.Height, Shape.Width, _patch);
        }

        return cut;
    }

    // [N, T, C · H · W]; zeros for a row without a clip.
    private Tensor Frames(ObservationStore store, int[] rows)
    {
        int size = Shape.Steps * Shape.StepSize;
        var values = new float[rows.Length * size];
        for (int r = 0; r < rows.Length; r++)
        {
            for (int i = 0; i < size && store.Seen(rows[r]) is { } seen; i++)
            {
                values[(r * size) + i] = seen[i];
            }
        }

        return Tensor.From(values, rows.Length, Shape.Steps, Shape.StepSize);
    }

    // Numbers that never change keep their scale.
    private void Scale(IReadOnlyList<Observation> seen)
    {
        int size = Shape.StepSize;
        double[] sum = new double[size], squares = new double[size];
        long count = 0;
        foreach (var observation in seen)
        {
            for (int i = 0; i < observation.Length; i++)
            {
                sum[i % size] += observation[i];
                squares[i % size] += (double)observation[i] * observation[i];
            }

            count += observation.Shape.Steps;
        }

        for (int i = 0; i < size; i++)
        {
            double mean = sum[i] / count, deviation = Math.Sqrt(Math.Max(0, (squares[i] / count) - (mean * mean)));
            _mean![i] = (float)mean;
            _scale![i] = deviation > 1e-6 ? (float)(1 / deviation) : 1f;
        }
    }
}
