using System.Diagnostics;
using Meed.Recipes.Runs;
using Meed.Recipes.Training;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Reproductions;

/// <summary>Runs one arm of a reproduction at one seed.</summary>
/// <param name="recipe">The arm's recipe.</param>
/// <param name="name">Name of the run.</param>
/// <param name="seed">Seed.</param>
/// <param name="stop">Asks for a stop.</param>
public delegate Task<RunEnd> RunArm(DocumentNode recipe, string name, ulong seed, CancellationToken stop);

/// <summary>A result with the runs it came from.</summary>
/// <param name="Result">The numbers.</param>
/// <param name="Control">Run folders without the mechanism, one a seed.</param>
/// <param name="Mechanism">Run folders with it.</param>
public sealed record Reproduced(ReproductionResult Result, IReadOnlyList<string> Control, IReadOnlyList<string> Mechanism);

/// <summary>Runs both arms of a reproduction at every seed and judges the claim.</summary>
public static class ReproductionRunner
{
    /// <summary>Runs and judges. The arms of a seed run one after the other, so that both see the same machine.</summary>
    /// <param name="reproduction">The claim.</param>
    /// <param name="run">Runs one arm.</param>
    /// <param name="progress">Called after every pair.</param>
    /// <param name="checkout">The checkout, for code hash and commit; null outside of one.</param>
    /// <param name="stop">Asks for a stop.</param>
    public static async Task<Reproduced> RunAsync(Reproduction reproduction, RunArm run, Action<SeedResult>? progress, string? checkout, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(reproduction);
        ArgumentNullException.ThrowIfNull(run);
        var clock = Stopwatch.StartNew();
        var seeds = new List<SeedResult>();
        List<string> control = [], mechanism = [];
        string stem = $"{reproduction.Row}-{reproduction.Name}";
        foreach (ulong seed in reproduction.Seeds)
        {
            var one = await run(reproduction.Control.Recipe, $"{stem}-{reproduction.Control.Name}", seed, stop).ConfigureAwait(false);
            var two = await run(reproduction.Mechanism.Recipe, $"{stem}-{reproduction.Mechanism.Name}", seed, stop).ConfigureAwait(false);
            var result = new SeedResult(seed, Value(one), Value(two), Math.Round(one.Seconds, 2), Math.Round(two.Seconds, 2));
            seeds.Add(result);
            control.Add(one.Folder);
            mechanism.Add(two.Folder);
            progress?.Invoke(result);
        }

        var (outcome, difference, low, high) = ReproductionResult.Judge(seeds, reproduction.Measure.Unit, reproduction.Direction, reproduction.Margin);
        return new Reproduced(
            new ReproductionResult
            {
                Row = reproduction.Row, Name = reproduction.Name, Claim = reproduction.Claim, Outcome = outcome, Measure = reproduction.Measure.Name,
                Direction = Names.Kebab(reproduction.Direction.ToString()), Margin = reproduction.Margin, Difference = difference, Low = low, High = high,
                Arms = [reproduction.Control.Name, reproduction.Mechanism.Name], Seeds = seeds, RecipeHash = reproduction.Hash, CodeHash = CodeHash.Of(checkout), Commit = Git.Commit(checkout),
                Machine = Machine.Here.Class, Time = DateTime.UtcNow, Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1), BudgetSeconds = reproduction.Budget.TotalSeconds,
            },
            control, mechanism);

        double Value(RunEnd arm) => arm.Measures.TryGetValue(reproduction.Measure.Name, out double value)
            ? value
            : throw new DocumentException(reproduction.File, 0, $"the run has no measure '{reproduction.Measure.Name}'. {Nearest.Hint(reproduction.Measure.Name, [.. arm.Measures.Keys])}");
    }
}
