namespace Meed.Evaluation.Studies;

/// <summary>Problems that options of studies have in common.</summary>
internal static class StudyProblems
{
    /// <summary>A sentence for each number below 1.</summary>
    public static IEnumerable<string> BelowOne(params (string Name, int Value)[] numbers) => Below([.. numbers.Select(n => (n.Name, (double)n.Value, 1.0))]);

    /// <summary>A sentence for each number below the least that it may be.</summary>
    public static IEnumerable<string> Below(params (string Name, double Value, double Least)[] numbers) => numbers.Where(n => n.Value < n.Least).Select(n => $"{n.Name} is {n.Value}; it is {n.Least} or more.");

    /// <summary>A sentence for each number below 1, and one for a learning rate that is not above 0.</summary>
    public static IEnumerable<string> Of(float learningRate, params (string Name, int Value)[] numbers) =>
        [.. BelowOne(numbers), .. When(!(learningRate > 0), $"LearningRate is {learningRate}; it is above 0.")];

    /// <summary>A sentence where something is wrong.</summary>
    public static IEnumerable<string> When(bool wrong, string sentence) => wrong ? [sentence] : [];
}
