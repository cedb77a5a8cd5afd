namespace Meed.Server.Hosting;

/// <summary>Turns for requests that run programs: as many at once as there are processors, the others wait without holding a thread.</summary>
internal static class ProgramTurns
{
    private static readonly SemaphoreSlim s_turns = new(Environment.ProcessorCount);

    /// <summary>A turn, which is handed on when it is disposed; null when none came in time.</summary>
    public static async Task<IDisposable?> TakeAsync(TimeSpan longest, CancellationToken cancellationToken)
        => await s_turns.WaitAsync(longest, cancellationToken).ConfigureAwait(false) ? new Held() : null;

    private sealed class Held : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                s_turns.Release();
            }
        }
    }
}
