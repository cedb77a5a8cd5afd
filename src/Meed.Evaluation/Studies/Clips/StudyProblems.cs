namespace Meed.Evaluation.Studies.Clips;

/// <summary>The checks that options of studies share.</summary>
internal static class StudyProblems
{
    public static IEnumerable<string> Of(float learningRate, params (string Name, int Value)[] counts)
    {
        foreach (var (name, value) in counts)
        {
            if (value < 1)
            {
                yield return $"{name} is {value}; it is 1 or more.";
            }
        }

        if (!(learningRate > 0))
        {
            yield return $"LearningRate is {learningRate}; it is above 0.";
        }
    }
}
