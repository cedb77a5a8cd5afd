using System.Runtime.CompilerServices;

namespace Meed.Numerics.Kernels;

/// <summary>Work that is split into numbered chunks; a struct of pointers and sizes.</summary>
internal interface IChunkJob
{
    /// <summary>Does one chunk. Chunks run in any order and at the same time; each writes its own part of the output.</summary>
    void Run(int chunk);
}

/// <summary>A small pool of helper threads for kernels.</summary>
/// <remarks>
/// Chunks are of fixed size and claimed one at a time, so results never depend on the number of threads. The caller works too; helpers that
/// come late find the job closed, and nobody waits for them. Idle helpers spin for about a tenth of a millisecond, yield, then block.
/// One job runs at a time; a call made while another runs, or from inside a job, is done by its caller alone.
/// </remarks>
public static unsafe class Workers
{
    private const int Open = 1 << 30;
    private const int CallerSpins = 200;    // about 30 µs, then the caller yields
    private const int HelperSpins = 400;    // about 120 µs, then an idle helper yields
    private const int HelperYields = 20;    // then it blocks

    private static readonly Lock Setup = new();
    private static int count = Initial(Environment.GetEnvironmentVariable("MEED_THREADS"));
    private static int started;      // helper threads alive
    private static int busy;         // 1 while a job runs
    private static int door;         // Open | number of helpers inside
    private static int generation;   // changes with every job
    private static int sleeping;     // helpers blocked on the Bell
    private static readonly SemaphoreSlim Bell = new(0);

    private static void* job;
    private static delegate*<void*, int, void> body;
    private static int chunks;
    private static int next;
    private static Exception? failure;

    /// <summary>Threads that work on one kernel, the caller included. Starts as MEED_THREADS, else the number of processors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1 or above 256.</exception>
    public static int Count
    {
        get => count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 256);
            count = value;
        }
    }

    /// <summary>Runs body(0) .. body(chunks - 1) on all threads and returns when all are done.</summary>
    /// <remarks>For large units of work. An exception of a chunk is thrown here after the others have ended.</remarks>
    public static void For(int chunks, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Check.NotNegative(chunks, nameof(chunks));
        if (chunks < 2 || count < 2)
        {
            for (int i = 0; i < chunks; i++)
            {
                body(i);
            }

            return;
        }

        var call = new ActionJob { Body = body };
#pragma warning disable CS8500   // the pointer is to a local of this call, which waits: the reference in it stays alive and in place
        RunShared(&InvokeAction, &call, chunks);
#pragma warning restore CS8500
    }

    /// <summary>Runs all chunks of a job; on more threads when <paramref name="parallel"/> and there is more than one chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<TJob>(ref TJob job, int chunks, bool parallel)
        where TJob : unmanaged, IChunkJob
    {
        if (!parallel || chunks < 2 || count < 2)
        {
            for (int i = 0; i < chunks; i++)
            {
                job.Run(i);
            }

            return;
        }

        RunShared(&Invoke<TJob>, Unsafe.AsPointer(ref job), chunks);
    }

    private static void Invoke<TJob>(void* job, int chunk)
        where TJob : unmanaged, IChunkJob => ((TJob*)job)->Run(chunk);

    private static void InvokeAction(void* job, int chunk)
    {
#pragma warning disable CS8500   // the pointer is to a local of a caller that waits: the reference in it stays alive and in place
        ((ActionJob*)job)->Body(chunk);
#pragma warning restore CS8500
    }

    private static void RunShared(delegate*<void*, int, void> work, void* state, int total)
    {
        if (Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            for (int i = 0; i < total; i++)
            {
                work(state, i);
            }

            return;
        }

        if (started < count - 1)
        {
            StartHelpers();
        }

        job = state;
        body = work;
        chunks = total;
        failure = null;
        Volatile.Write(ref next, 0);
        Volatile.Write(ref door, Open);
        Interlocked.Increment(ref generation);
        if (Volatile.Read(ref sleeping) > 0)
        {
            int asleep = Interlocked.Exchange(ref sleeping, 0);
            if (asleep > 0)
            {
                Bell.Release(asleep);
            }
        }

        Claim();

        // Close the door: helpers inside finish their chunk, later ones stay out.
        Interlocked.And(ref door, ~Open);
        for (int spins = 0; Volatile.Read(ref door) != 0; spins++)
        {
            if (spins < CallerSpins)
            {
                Thread.SpinWait(4);
            }
            else
            {
                Thread.Yield();
            }
        }

        Exception? thrown = failure;
        Volatile.Write(ref busy, 0);
        if (thrown is not null)
        {
            throw new AggregateException(thrown);
        }
    }

    private static void Claim()
    {
        void* state = job;
        delegate*<void*, int, void> work = body;
        int total = chunks;
        try
        {
            for (int i = Interlocked.Increment(ref next) - 1; i < total; i = Interlocked.Increment(ref next) - 1)
            {
                work(state, i);
            }
        }
        catch (Exception e)
        {
            failure = e;
            Volatile.Write(ref next, total);
        }
    }

    private static void StartHelpers()
    {
        lock (Setup)
        {
            while (started < count - 1)
            {
                int index = ++started;
                new Thread(() => Help(index)) { IsBackground = true, Name = $"Meed worker {index}" }.Start();
            }
        }
    }

    private static void Help(int index)
    {
        int seen = 0;
        int idle = 0;
        while (true)
        {
            int now = Volatile.Read(ref generation);
            if (now != seen && index < count && TryEnter())
            {
                seen = Volatile.Read(ref generation);
                Claim();
                Interlocked.Decrement(ref door);
                idle = 0;
                continue;
            }

            idle++;
            if (idle < HelperSpins)
            {
                Thread.SpinWait(8);
            }
            else if (idle < HelperSpins + HelperYields)
            {
                Thread.Yield();
            }
            else
            {
                Interlocked.Increment(ref sleeping);
                Bell.Wait();   // whoever rings has already taken this helper off the count
                idle = 0;
            }
        }
    }

    private static bool TryEnter()
    {
        while (true)
        {
            int state = Volatile.Read(ref door);
            if ((state & Open) == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref door, state + 1, state) == state)
            {
                return true;
            }
        }
    }

    private static int Initial(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return Math.Clamp(Environment.ProcessorCount, 1, 256);
        }

        return int.TryParse(value, out int n) && n is >= 1 and <= 256
            ? n
            : throw new ArgumentException($"MEED_THREADS is '{value}'. Use a number from 1 to 256, or leave it unset for all processors.");
    }

    private struct ActionJob
    {
        public Action<int> Body;
    }
}
