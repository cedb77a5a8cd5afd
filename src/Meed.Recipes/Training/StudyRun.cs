using System.Diagnostics;
using Meed.Recipes.Documents;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;

namespace Meed.Recipes.Training;

/// <summary>Runs a study recipe: the study, its measures, a report.</summary>
public static class StudyRun
{
    /// <summary>Begins a new run.</summary>
    /// <returns>Its folder and measures.</returns>
    public static (string Folder, IReadOnlyDictionary<string, double> Measures) Start(StudyRecipe recipe, string root, IRunProgress progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        var info = new RunInfo { Name = recipe.Name, Kind = StudyRecipe.KindName, Seed = recipe.Seed, RecipeHash = StudyReader.HashOf(recipe) };
        return Run(recipe, RunFolder.Begin(root, info, DocumentWriter.ToYaml(StudyReader.Resolve(recipe))), progress, stop);
    }

    /// <summary>Runs a stopped run again from its beginning: it keeps no checkpoint, and ends in the same bytes.</summary>
    public static (string Folder, IReadOnlyDictionary<string, double> Measures) Resume(string path, IRunProgress progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(progress);
        string file = Path.Combine(path, "recipe.yaml");
        var recipe = StudyReader.Read(YamlReader.ReadFile(file), file);
        progress.Note("A study keeps no checkpoint: it begins again.");
        return Run(recipe, RunFolder.Resume(path, null, 0), progress, stop);
    }

    private static (string, IReadOnlyDictionary<string, double>) Run(StudyRecipe recipe, RunFolder folder, IRunProgress progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var clock = Stopwatch.StartNew();
        double Seconds() => Math.Round(clock.Elapsed.TotalSeconds, 2);
        using (folder)
        {
            try
            {
                progress.Phase($"Running the study {recipe.StudyName}.", 0, null);
                var measures = recipe.Study.Run(recipe.Seed, stop);
                foreach (var (name, value) in measures.Where(m => !double.IsFinite(m.Value)))
                {
                    throw new InvalidOperationException($"The study {recipe.StudyName} measured {name} as {value} at seed {recipe.Seed}.");
                }

                folder.Scalars("evaluate", 0, [.. measures.Select(m => (m.Key, m.Value))]);
                progress.Measured(0, measures);
                folder.Update(i => i with { Status = RunStatus.Finished, Finished = DateTime.UtcNow, Seconds = Seconds(), Headline = measures });
                RunReport.Write(folder.Path);
                return (folder.Path, measures);
            }
            catch (Exception e)
            {
                bool stopped = e is OperationCanceledException && stop.IsCancellationRequested;
                folder.Update(i => i with { Status = stopped ? RunStatus.Interrupted : RunStatus.Failed, Finished = DateTime.UtcNow, Seconds = Seconds(), Message = stopped ? "Stopped. It begins again with meed train --resume." : e.Message });
                throw;
            }
        }
    }
}
