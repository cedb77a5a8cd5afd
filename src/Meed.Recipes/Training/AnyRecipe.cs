using System.Diagnostics;
using Meed.Recipes.Reproductions;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Training;

/// <summary>Recipes of every kind, told apart by the key <c>kind</c>.</summary>
public static class AnyRecipe
{
    /// <summary>Checks a recipe of any kind.</summary>
    /// <param name="recipe">The document.</param>
    /// <param name="file">The name that problems carry.</param>
    /// <returns>Its name.</returns>
    /// <exception cref="DocumentException">Everything that is wrong with it.</exception>
    public static string Check(DocumentNode recipe, string file) =>
        StudyReader.Fits(recipe) ? StudyReader.Read(recipe, file).Name : RewardModelReader.Fits(recipe) ? RewardModelReader.Read(recipe, file).Name : RecipeReader.Read(recipe, file).Name;

    /// <summary>Runs a recipe of any kind under another name and seed, and gives its measures.</summary>
    /// <param name="recipe">The document.</param>
    /// <param name="file">The name that problems carry.</param>
    /// <param name="name">Name of the run.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="runs">Where run folders go.</param>
    /// <param name="progress">Hears about it.</param>
    /// <param name="stop">Asks for a stop.</param>
    public static async Task<ArmRun> RunAsync(DocumentNode recipe, string file, string name, ulong seed, string runs, IRunProgress progress, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        if (StudyReader.Fits(recipe))
        {
            var (folder, measures) = StudyRun.Start(StudyReader.Read(recipe, file) with { Name = name, Seed = seed }, runs, progress, stop);
            return new ArmRun(folder, measures, clock.Elapsed.TotalSeconds);
        }

        if (RewardModelReader.Fits(recipe))
        {
            var (folder, results) = RewardModelRun.Start(RewardModelReader.Read(recipe, file) with { Name = name, Seed = seed }, runs, progress, stop);
            return new ArmRun(folder, results.Measures(), clock.Elapsed.TotalSeconds);
        }

        var run = await LanguageRun.StartAsync(RecipeReader.Read(recipe, file) with { Name = name, Seed = seed }, runs, progress, stop).ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
        return new ArmRun(run.Folder, run.Measures, clock.Elapsed.TotalSeconds);
    }
}
