namespace Meed.RewardModels.Clips;

/// <summary>Rewards of generated rollouts and action chunks from models of the world.</summary>
public static class ActionRewards
{
    /// <summary>Share of steps whose recovered action is the one that was asked for.</summary>
    /// <remarks>"Reinforcement Learning with Inverse Rewards for World Model Post-training" (atlas row 158): a frozen inverse dynamics model recovers actions from generated frames.</remarks>
    /// <param name="recovered">Actions that the inverse model reads from the frames.</param>
    /// <param name="asked">Actions the rollout was conditioned on.</param>
    public static double Agreement(ReadOnlySpan<int> recovered, ReadOnlySpan<int> asked)
    {
        Require(recovered.Length, asked.Length);
        int same = 0;
        for (int i = 0; i < asked.Length; i++)
        {
            same += recovered[i] == asked[i] ? 1 : 0;
        }

        return (double)same / asked.Length;
    }

    /// <summary>The same for continuous actions: minus the mean absolute error.</summary>
    public static double Agreement(ReadOnlySpan<double> recovered, ReadOnlySpan<double> asked) => -MeanError(recovered, asked);

    /// <summary>Reward of an action chunk: −‖ẑ − z_goal‖ − w·mean|a − a_demo|.</summary>
    /// <remarks>
    /// "NORA-1.5: A Vision-Language-Action Model Trained using World Model- and Action-based Preference Rewards" (atlas row 144): distance of the latent that a world model predicts from the goal's, and deviation
    /// from the demonstrated action. The distance is settled as the Euclidean one, the weight is an option.
    /// </remarks>
    /// <param name="predicted">ẑ, latent after the chunk.</param>
    /// <param name="goal">Latent of the goal.</param>
    /// <param name="action">The chunk.</param>
    /// <param name="demonstrated">The demonstrated chunk.</param>
    /// <param name="weight">w, 0 or more.</param>
    public static double GoalAndDeviation(ReadOnlySpan<double> predicted, ReadOnlySpan<double> goal, ReadOnlySpan<double> action, ReadOnlySpan<double> demonstrated, double weight = 0.5)
    {
        Require(predicted.Length, goal.Length);
        double squared = 0;
        for (int i = 0; i < goal.Length; i++)
        {
            squared += (predicted[i] - goal[i]) * (predicted[i] - goal[i]);
        }

        return -Math.Sqrt(squared) - (weight * MeanError(action, demonstrated));
    }

    /// <summary>Best and worst chunk as a pair for preference optimisation; null where no gap reaches the margin.</summary>
    public static (int Chosen, int Rejected)? Pair(IReadOnlyList<double> rewards, double margin = 0) => Curation.ExpertAgreement.Select(rewards, margin);

    private static double MeanError(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Require(a.Length, b.Length);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += Math.Abs(a[i] - b[i]);
        }

        return sum / a.Length;
    }

    private static void Require(int a, int b)
    {
        if (a != b || a == 0)
        {
            throw new ArgumentException($"ActionRewards: {a} and {b} values; both sides have the same number, at least 1.");
        }
    }
}
