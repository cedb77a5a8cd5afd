namespace Meed.Alignment;

/// <summary>Throws all problems of an options record at once.</summary>
internal static class Problem
{
    public static void ThrowIfAny(string record, IEnumerable<string> problems)
    {
        var all = problems.ToList();
        if (all.Count > 0)
        {
            throw new ArgumentException($"{record}: {string.Join(" ", all)}");
        }
    }
}
