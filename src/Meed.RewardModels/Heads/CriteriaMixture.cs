using Meed.Numerics;

namespace Meed.RewardModels.Heads;

/// <summary>Scores of fine criteria make aspect scores; a gate that reads the prompt weighs the aspects into one reward.</summary>
/// <remarks>
/// c = W_c·h (criteria), a_j = Σ_{i ∈ aspect j} softmax_i(u_i)·c_i, g = softmax(W_g·x), r = Σ_j g_j·a_j
/// <para>
/// "MJ-VIDEO: Fine-Grained Benchmarking and Rewarding Video Preferences in Video Generation" (atlas row 85), five aspects of 28 criteria. Its formula is settled here: within an aspect, criteria are a
/// learned convex mixture, so that an aspect's score stays on the criteria's scale. Criteria are trained on labels, aspects and reward by pairwise losses.
/// </para>
/// </remarks>
public sealed class CriteriaMixture
{
    private readonly Parameter _criteria;
    private readonly Parameter _mixture;
    private readonly Parameter _gate;
    private readonly int[] _aspectOf;
    private readonly int _aspects;

    /// <summary>A head.</summary>
    /// <param name="width">Features of a response, D.</param>
    /// <param name="promptWidth">Features of a prompt, P.</param>
    /// <param name="aspectOf">Aspect of each criterion, 0 to A − 1; each aspect has one.</param>
    /// <param name="random">For the weights.</param>
    public CriteriaMixture(int width, int promptWidth, IReadOnlyList<int> aspectOf, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(aspectOf);
        ArgumentNullException.ThrowIfNull(random);
        _aspectOf = [.. aspectOf];
        _aspects = _aspectOf.Max() + 1;
        if (_aspectOf.Min() < 0 || _aspectOf.Distinct().Count() != _aspects)
        {
            throw new ArgumentException($"CriteriaMixture: aspects are [{string.Join(", ", _aspectOf)}]; they are 0 to A − 1, each with a criterion.", nameof(aspectOf));
        }

        _criteria = new Parameter("criteria.weight", Tensor.Normal(random.Split("criteria", 0), 0f, 0.02f, _aspectOf.Length, width));
        _mixture = new Parameter("criteria.mixture", Tensor.Zeros(_aspectOf.Length));
        _gate = new Parameter("gate.weight", Tensor.Zeros(_aspects, promptWidth));
    }

    /// <summary>Its parameters.</summary>
    public IEnumerable<Parameter> Parameters => [_criteria, _mixture, _gate];

    /// <summary>Criterion scores, [N, C].</summary>
    public Tensor Criteria(Tensor features) => Ops.Linear(features, _criteria.Value);

    /// <summary>Aspect scores from criterion scores, [N, C] to [N, A].</summary>
    public Tensor Aspects(Tensor criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        var parts = new Tensor[_aspects];
        for (int a = 0; a < _aspects; a++)
        {
            int[] own = [.. Enumerable.Range(0, _aspectOf.Length).Where(i => _aspectOf[i] == a)];
            var weights = _mixture.Value.Take(0, own).Reshape(1, own.Length).Softmax();
            parts[a] = (criteria.Take(1, own) * weights).Sum(1);
        }

        return Tensor.Stack(parts).Transpose(0, 1);
    }

    /// <summary>Weight of each aspect for each prompt, [N, A].</summary>
    public Tensor Gate(Tensor prompts) => Ops.Linear(prompts, _gate.Value).Softmax();

    /// <summary>Rewards, [N].</summary>
    /// <param name="features">[N, D].</param>
    /// <param name="prompts">[N, P].</param>
    public Tensor Score(Tensor features, Tensor prompts) => (Aspects(Criteria(features)) * Gate(prompts)).Sum(1);
}
