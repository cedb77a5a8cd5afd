using Meed.Numerics;

namespace Meed.RewardModels.Training;

/// <summary>A part of training with its own mixture of sources.</summary>
/// <param name="Share">Share of all updates.</param>
/// <param name="Weights">Weight of each source.</param>
public sealed record MixStage(double Share, IReadOnlyList<double> Weights);

/// <summary>Says which source each unit of a step comes from, stage by stage.</summary>
/// <remarks>Skywork-VL Reward (atlas row 191): first multimodal preferences alone, then with text-only ones added, so that neither is forgotten.</remarks>
public sealed class StagedMix
{
    private readonly IReadOnlyList<MixStage> _stages;
    private readonly long _steps;

    /// <summary>A schedule.</summary>
    /// <param name="steps">Updates in all.</param>
    /// <param name="stages">The stages; their shares add up to 1.</param>
    public StagedMix(long steps, IReadOnlyList<MixStage> stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Count == 0 || Math.Abs(stages.Sum(s => s.Share) - 1) > 1e-9 || stages.Any(s => s.Share < 0 || s.Weights.Count != stages[0].Weights.Count))
        {
            throw new ArgumentException($"StagedMix: {stages.Count} stages with shares {string.Join(", ", stages.Select(s => s.Share))}; shares add up to 1 and every stage weighs the same sources.", nameof(stages));
        }

        _stages = stages;
        _steps = steps;
    }

    /// <summary>The stage of a step, from 0.</summary>
    public int StageOf(long step)
    {
        double end = 0;
        for (int k = 0; k < _stages.Count - 1; k++)
        {
            end += _stages[k].Share * _steps;
            if (step < end)
            {
                return k;
            }
        }

        return _stages.Count - 1;
    }

    /// <summary>Source of each unit of a step.</summary>
    public int[] Sources(long step, int units, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double[] weights = [.. _stages[StageOf(step)].Weights];
        return [.. Enumerable.Range(0, units).Select(_ => random.NextIndex(weights))];
    }
}
