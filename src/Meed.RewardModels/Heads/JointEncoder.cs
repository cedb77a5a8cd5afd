using Meed.Numerics;
using Meed.RewardModels.Networks;

namespace Meed.RewardModels.Heads;

/// <summary>A reward over an image and a text: the image side frozen, both joined, a scalar head on top.</summary>
/// <remarks>
/// v = GELU(W_v·image), frozen;  h = GELU(W·[v, text] + b);  r = head(h)
/// <para>
/// InternLM-XComposer2.5-Reward (atlas row 7) and Skywork-VL Reward (row 191): a scalar head in place of the language head of a vision-language model, trained by Bradley-Terry with the vision side frozen. Here the vision side is a
/// random map unless one is given, and a text alone has an image of zeros.
/// </para>
/// </remarks>
public sealed class JointEncoder
{
    private readonly Linear _vision;
    private readonly Linear _join;
    private readonly ScoreHead _head;

    /// <summary>An encoder.</summary>
    /// <param name="image">Numbers of an image.</param>
    /// <param name="seen">Features that the frozen side makes of them.</param>
    /// <param name="text">Features of a text.</param>
    /// <param name="hidden">Width of the joint state.</param>
    /// <param name="head">The head: linear or two-layer.</param>
    /// <param name="random">For the weights.</param>
    public JointEncoder(int image, int seen, int text, int hidden, HeadKind head, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (head == HeadKind.Attention)
        {
            throw new ArgumentException("JointEncoder: the attention head needs the states of tokens; use linear or two-layer.", nameof(head));
        }

        _vision = new Linear("vision", image, seen, random.Split("vision", 0), deviation: 1 / MathF.Sqrt(image), activation: Activation.Gelu);
        _join = new Linear("join", seen + text, hidden, random.Split("join", 0), activation: Activation.Gelu);
        _head = new ScoreHead(head, hidden, hidden, 1, random.Split("head", 0));
    }

    /// <summary>What learns: the joint layer and the head, not the vision side.</summary>
    public IEnumerable<Parameter> Parameters => [.. _join.Parameters, .. _head.Parameters];

    /// <summary>The parameters of the head alone, for training on a frozen joint layer.</summary>
    public IEnumerable<Parameter> HeadParameters => _head.Parameters;

    /// <summary>Those of the joint layer.</summary>
    public IEnumerable<Parameter> JointParameters => _join.Parameters;

    /// <summary>The joint state h that the head reads.</summary>
    /// <param name="images">[N, image].</param>
    /// <param name="texts">[N, text].</param>
    /// <returns>[N, hidden].</returns>
    public Tensor State(Tensor images, Tensor texts)
    {
        ArgumentNullException.ThrowIfNull(images);
        Shapes.Require(texts, [images.Shape[0], -1]);
        return _join.Forward(Tensor.Concat(1, _vision.Forward(images).Detach(), texts));
    }

    /// <summary>Rewards.</summary>
    /// <param name="images">[N, image].</param>
    /// <param name="texts">[N, text].</param>
    /// <returns>[N].</returns>
    public Tensor Forward(Tensor images, Tensor texts)
    {
        ArgumentNullException.ThrowIfNull(images);
        return _head.Forward(State(images, texts)).Reshape(images.Shape[0]);
    }
}
