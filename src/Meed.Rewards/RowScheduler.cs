namespace Meed.Rewards;

/// <summary>Runs independent rows over several threads: chunks are claimed as threads become free, the caller works too.</summary>
internal static class RowScheduler
{
    /// <summary>Calls <paramref name="body"/> for half-open ranges that cover 0..count once. Returns when all are done; rethrows the first failure after every started range ended.</summary>
    public static void Run(int count, int threads, Action<int, int> body, CancellationToken cancellationToken, int rowsPerThread = 16)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (threads <= 0)
        {
            threads = Environment.ProcessorCount;
        }

        threads = Math.Min(threads, count / rowsPerThread + 1);
        if (threads <= 1)
        {
            for (int start = 0; start < count; start += 64)
            {
                cancellationToken.ThrowIfCancellationRequested();
                body(start, Math.Min(count, start + 64));
            }

            return;
        }

        var job = new Job(count, Math.Clamp(count / (threads * 16), 1, 64), body, cancellationToken);
        for (int t = 1; t < threads; t++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static j => j.Participate(), job, preferLocal: false);
        }

        job.Participate();
        job.WaitAndRethrow();
    }

    private sealed class Job(int count, int chunk, Action<int, int> body, CancellationToken cancellationToken)
    {
        private readonly object _lock = new();
        private int _next;
        private int _active;
        private Exception? _failure;

        public void Participate()
        {
            while (Claim(out int start))
            {
                Exception? failure = null;
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    body(start, Math.Min(count, start + chunk));
                }
                catch (Exception e)
                {
                    failure = e;
                }

                Finish(failure);
            }
        }

        public void WaitAndRethrow()
        {
            // Only ranges that a running thread holds are waited for; a helper that never got a thread finds nothing to claim later.
            lock (_lock)
            {
                while (_active > 0)
                {
                    Monitor.Wait(_lock);
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (_failure is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
            }
        }

        private bool Claim(out int start)
        {
            lock (_lock)
            {
                start = _next;
                if (_failure is not null || _next >= count)
                {
                    return false;
                }

                _next = Math.Min(count, _next + chunk);
                _active++;
                return true;
            }
        }

        private void Finish(Exception? failure)
        {
            lock (_lock)
            {
                _failure ??= failure;
                if (--_active == 0)
                {
                    Monitor.PulseAll(_lock);
                }
            }
        }
    }
}
