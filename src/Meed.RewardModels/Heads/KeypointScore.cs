namespace Meed.RewardModels.Heads;

/// <summary>The mean grade over the keypoints that a prompt concerns.</summary>
/// <remarks>"PromptEnhancer" (atlas row 121): an evaluator grades a picture on the relevant ones of 24 failure keypoints, and the mean grade rewards the rewriter of the prompt.</remarks>
public static class KeypointScore
{
    /// <summary>The mean over relevant keypoints; null where the prompt concerns none.</summary>
    /// <param name="grades">One grade a keypoint.</param>
    /// <param name="relevant">Which keypoints the prompt concerns.</param>
    public static double? Of(ReadOnlySpan<double> grades, ReadOnlySpan<bool> relevant)
    {
        if (grades.Length != relevant.Length)
        {
            throw new ArgumentException($"KeypointScore: {grades.Length} grades and {relevant.Length} flags; each keypoint has both.", nameof(relevant));
        }

        double sum = 0;
        int count = 0;
        for (int i = 0; i < grades.Length; i++)
        {
            if (relevant[i])
            {
                sum += grades[i];
                count++;
            }
        }

        return count == 0 ? null : sum / count;
    }
}
