namespace Meed.Evaluation.Studies;

/// <summary>Problems that options of studies have in common.</summary>
internal static class StudyProblems
{
    /// <summary>A sentence for each number below 1.</summary>
    public static IEnumerable<string> BelowOne(params (string Name, int Value)[] numbers) => numbers.Where(n => n.Value < 1).Select(n => $"{n.Name} is {n.Value}; it is 1 or more.");
}
