using System.Diagnostics;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;

namespace Meed.Recipes.Training;

/// <summary>A recipe whose run takes minutes at most and keeps no checkpoint: a stopped one begins again, and ends in the same bytes.</summary>
public abstract record UnbrokenRecipe : Recipe
{
    /// <summary>Does the work.</summary>
    /// <param name="folder">The run folder; its end is written down by the caller.</param>
    /// <param name="progress">Hears about it.</param>
    /// <param name="seconds">Seconds since the start.</param>
    /// <param name="stop">Asks for a stop.</param>
    protected abstract RunEnd Run(RunFolder folder, IRunProgress progress, Func<double> seconds, CancellationToken stop);

    /// <inheritdoc/>
    public sealed override Task<RunEnd> StartAsync(string runs, IRunProgress progress, CancellationToken stop) => InFolder(() => Begin(runs), progress, stop);

    /// <inheritdoc/>
    public sealed override Task<RunEnd> ResumeAsync(string folder, IRunProgress progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(progress);
        progress.Note($"A {Kind.Name} run keeps no checkpoint: it begins again.");
        return InFolder(() => RunFolder.Resume(folder, null, 0), progress, stop);
    }

    private Task<RunEnd> InFolder(Func<RunFolder> open, IRunProgress progress, CancellationToken stop) => Task.Run(() =>
    {
        var clock = Stopwatch.StartNew();
        double Seconds() => Math.Round(clock.Elapsed.TotalSeconds, 2);
        using var folder = open();
        try
        {
            var end = Run(folder, progress, Seconds, stop) with { Seconds = Seconds() };
            folder.Update(i => i with { Status = RunStatus.Finished, Finished = DateTime.UtcNow, Seconds = end.Seconds, PeakMegabytes = Machine.PeakMegabytes() });
            RunReport.Write(folder.Path);
            return end;
        }
        catch (Exception e)
        {
            bool stopped = e is OperationCanceledException && stop.IsCancellationRequested;
            folder.Update(i => i with { Status = stopped ? RunStatus.Interrupted : RunStatus.Failed, Finished = DateTime.UtcNow, Seconds = Seconds(), Message = stopped ? "Stopped. It begins again with meed train --resume." : e.Message });
            throw;
        }
    }, CancellationToken.None);
}
