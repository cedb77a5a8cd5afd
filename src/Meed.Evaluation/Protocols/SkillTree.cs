using Meed.Evaluation.Statistics;

namespace Meed.Evaluation.Protocols;

/// <summary>A skill of a hierarchical benchmark.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Level">Its level, 1 is perception.</param>
public sealed record Skill(string Name, int Level);

/// <summary>What a hierarchical benchmark says about a set of models.</summary>
/// <param name="Skills">The skills.</param>
/// <param name="Correlation">Spearman's correlation of two skills over models, [S][S].</param>
/// <param name="ByLevel">Mean correlation between different skills of a level; NaN where a level has one.</param>
/// <param name="LevelScores">Mean score of each model on each level, by level.</param>
public sealed record SkillReport(IReadOnlyList<Skill> Skills, double[][] Correlation, IReadOnlyDictionary<int, double> ByLevel, IReadOnlyDictionary<int, double[]> LevelScores);

/// <summary>A benchmark of skills in levels: which skills go together, and what training one does to the others.</summary>
/// <remarks>After SpatialTree (atlas row 146): per-skill scores, correlations between skills over models, and a transfer matrix of scores after training on one skill less before.</remarks>
public static class SkillTree
{
    /// <summary>The report of a score matrix.</summary>
    /// <param name="skills">S skills.</param>
    /// <param name="scores">Score of each model on each skill, [M][S].</param>
    public static SkillReport Report(IReadOnlyList<Skill> skills, IReadOnlyList<double[]> scores)
    {
        ArgumentNullException.ThrowIfNull(skills);
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count < 3 || scores.Any(s => s.Length != skills.Count))
        {
            throw new ArgumentException($"SkillTree.Report: {scores.Count} models with {string.Join(", ", scores.Select(s => s.Length).Distinct())} scores for {skills.Count} skills; three models or more, a score each.");
        }

        double[][] columns = [.. Enumerable.Range(0, skills.Count).Select(k => scores.Select(s => s[k]).ToArray())];
        double[][] correlation = [.. columns.Select((a, i) => columns.Select((b, j) => i == j ? 1 : Correlation.Spearman(a, b)).ToArray())];
        var byLevel = new SortedDictionary<int, double>();
        var levels = new SortedDictionary<int, double[]>();
        foreach (var level in skills.Select((s, i) => (s.Level, Index: i)).GroupBy(s => s.Level))
        {
            int[] own = [.. level.Select(s => s.Index)];
            byLevel[level.Key] = own.SelectMany(i => own.Where(j => j > i).Select(j => correlation[i][j])).DefaultIfEmpty(double.NaN).Average();
            levels[level.Key] = [.. scores.Select(s => own.Average(i => s[i]))];
        }

        return new SkillReport(skills, correlation, byLevel, levels);
    }

    /// <summary>Transfer: score on skill j after training on skill i, less before, [S][S].</summary>
    /// <param name="before">Score on each skill before.</param>
    /// <param name="after">Scores on all skills after training on each skill, [S][S].</param>
    public static double[][] Transfer(IReadOnlyList<double> before, IReadOnlyList<double[]> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return after.Count == before.Count && after.All(a => a.Length == before.Count)
            ? [.. after.Select(a => a.Select((v, j) => v - before[j]).ToArray())]
            : throw new ArgumentException($"SkillTree.Transfer: {after.Count} rows for {before.Count} skills; one row a skill, each with all scores.");
    }
}
