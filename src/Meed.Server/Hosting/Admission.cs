namespace Meed.Server.Hosting;

/// <summary>How much work the server takes on at once: requests beyond the bound are told to come back rather than queued without end.</summary>
/// <remarks>Counts bodies in bytes and samples under way. A batch that is larger than the whole bound is admitted alone.</remarks>
internal sealed class Admission(int mostRequests, int mostSamples)
{
    private long _requests;
    private long _samples;

    /// <summary>Requests being read or scored.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Samples being scored.</summary>
    public long Samples => Interlocked.Read(ref _samples);

    /// <summary>Takes a place for a request; false when the server is full.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _requests) <= mostRequests)
        {
            return true;
        }

        Interlocked.Decrement(ref _requests);
        return false;
    }

    /// <summary>Gives the request's place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _requests);

    /// <summary>Takes places for the samples of a request; false when others hold too many.</summary>
    public bool TryTake(int samples)
    {
        long now = Interlocked.Add(ref _samples, samples);
        if (now <= mostSamples || now == samples)
        {
            return true;
        }

        Interlocked.Add(ref _samples, -samples);
        return false;
    }

    /// <summary>Waits for places: a stream that was accepted is slowed down rather than cut off.</summary>
    public async Task TakeAsync(int samples, CancellationToken cancellationToken)
    {
        while (!TryTake(samples))
        {
            await Task.Delay(5, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the samples' places back.</summary>
    public void Return(int samples) => Interlocked.Add(ref _samples, -samples);
}
