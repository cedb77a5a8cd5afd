using System.Buffers;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Meed.Rewards.Combinators;

namespace Meed.Rewards.Files;

/// <summary>Scores files of any length with constant memory: reads JSONL, scores each row, writes JSONL in the same order.</summary>
/// <remarks>
/// Every thread takes the next block of lines, parses and scores it, and hands its output to be written in turn; at most a few blocks
/// exist at a time. Output and summary are the same for any number of threads.
/// </remarks>
public sealed class FileScorer
{
    private readonly IReward<TextSample> _reward;
    private readonly Cache<TextSample>? _cache;
    private readonly FileScorerOptions _options;
    private readonly FieldMap _map;
    private readonly string[] _folders;
    private readonly RowWriter _writer;

    /// <summary>A scorer.</summary>
    /// <exception cref="ArgumentException">The options have problems, or the reward depends on other rows.</exception>
    public FileScorer(IReward<TextSample> reward, FileScorerOptions options)
    {
        ArgumentNullException.ThrowIfNull(reward);
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.Problems().ToList();
        if (reward.Schema.Scope != RewardScope.Sample)
        {
            problems.Add($"The reward '{reward.Schema.Name}' depends on a sample's {reward.Schema.Scope.ToString().ToLowerInvariant()}, but a file is scored row by row; take normalise and quantile out, or give quantile fixed values.");
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, problems));
        }

        _cache = options.Cache is null ? null : new Cache<TextSample>(reward, TextTraits.Instance, options.Cache, options.DocumentHash!);
        (_reward, _options) = (_cache ?? reward, options);
        _map = new FieldMap(options.Map, options.Keep);
        _folders = [.. options.Inputs.Select(FieldMap.FolderOf)];
        _writer = new RowWriter(reward.Schema, options);
    }

    /// <summary>Called for each bad line, in order, from one thread at a time.</summary>
    public Action<BadLine>? OnBadLine { get; init; }

    /// <summary>Called about five times a second, from one thread at a time.</summary>
    public Action<FileProgress>? OnProgress { get; init; }

    /// <summary>Scores everything. The output appears under its name when it is complete; until then it is called <c>name.part</c>.</summary>
    /// <exception cref="FileScoringException">An input cannot be read or the output not written; one sentence.</exception>
    public async Task<FileSummary> RunAsync(CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var reader = new BlockReader(_options.Inputs, stop.Token);
        var (output, commit) = OpenOutput();
        var run = new Run(this, reader, output, stop);
        int threads = _options.Threads > 0 ? _options.Threads : Environment.ProcessorCount;
        bool complete = false;
        try
        {
            var workers = new Task[threads];
            for (int t = 0; t < threads; t++)
            {
                workers[t] = Task.Factory.StartNew(run.Work, stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }

            await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            run.Rethrow(cancellationToken);
            try
            {
                output?.Dispose();
            }
            catch (IOException e)
            {
                throw NotWritable(e);
            }

            complete = true;
        }
        finally
        {
            if (!complete)
            {
                DisposeQuietly(output);
            }

            commit(complete);
        }

        return run.Finish();
    }

    private static void DisposeQuietly(Stream? output)
    {
        try
        {
            output?.Dispose();
        }
        catch (IOException)
        {
            // The failure that brought us here is the one to report.
        }
    }

    private (Stream? Output, Action<bool> Commit) OpenOutput()
    {
        string? path = _options.Output;
        if (path is null)
        {
            return (null, _ => { });
        }

        if (path == "-")
        {
            return (Console.OpenStandardOutput(), _ => { });
        }

        // A device or pipe is written to directly; a file (also one in shared memory) is complete when it carries its name.
        bool special = File.Exists(path) && (File.GetAttributes(path) & (FileAttributes.Device | FileAttributes.System)) != 0
            || path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
        string part = special ? path : path + ".part";
        try
        {
            Stream stream = new FileStream(part, special ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                stream = new GZipStream(stream, CompressionLevel.Fastest);
            }

            return (stream, Commit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(e);
        }

        void Commit(bool complete)
        {
            if (!special && complete)
            {
                File.Move(part, path, overwrite: true);
            }
            else if (!special)
            {
                File.Delete(part);
            }
        }
    }

    private FileScoringException NotWritable(Exception e) => new($"Output '{_options.Output}' cannot be written: {e.Message}", e);

    /// <summary>The state of one run.</summary>
    private sealed class Run(FileScorer scorer, BlockReader reader, Stream? output, CancellationTokenSource stop)
    {
        private const int MostAhead = 16;
        private readonly Lock _reading = new();
        private readonly object _writing = new();
        private readonly Dictionary<long, Result> _waiting = [];
        private readonly Stack<Result> _free = [];
        private readonly FileSummary _summary = new(scorer._reward.Schema);
        private readonly long _started = Stopwatch.GetTimestamp();
        private readonly long _total = BlockReader.TotalBytes(scorer._options.Inputs);
        private long _nextWrite;
        private long _lastProgress;
        private Exception? _failure;

        public void Work()
        {
            try
            {
                var parsing = new Parsing(scorer._options.Keep.Count);
                while (Take(out var block))
                {
                    var result = Rent(block.Sequence);
                    Score(block, parsing, result);
                    Hand(block.Sequence, result);
                }
            }
            catch (Exception e)
            {
                lock (_writing)
                {
                    _failure ??= e;
                    Monitor.PulseAll(_writing);
                }

                stop.Cancel();
            }
        }

        public void Rethrow(CancellationToken callers)
        {
            callers.ThrowIfCancellationRequested();
            if (_failure is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
            }
        }

        public FileSummary Finish()
        {
            _summary.Elapsed = Stopwatch.GetElapsedTime(_started);
            _summary.FromCache = scorer._cache?.Hits ?? 0;
            var options = scorer._options;
            _summary.Failure = options.Strict && _summary.BadLines > 0 ? $"{_summary.BadLines} lines are no samples, and --strict allows none."
                : _summary.FailedShare > options.MaxFailed ? $"{100 * _summary.FailedShare:0.##} % of the lines failed, and --max-failed allows {100 * options.MaxFailed:0.##} %."
                : null;
            scorer.OnProgress?.Invoke(new FileProgress(_summary.Rows, reader.BytesRead, _total, _summary.Elapsed));
            return _summary;
        }

        private bool Take(out Block block)
        {
            lock (_reading)
            {
                return reader.TryNext(out block);
            }
        }

        private void Score(Block block, Parsing parsing, Result result)
        {
            var options = scorer._options;
            parsing.Clear();
            string folder = scorer._folders[block.File];
            long number = block.FirstLine;
            int keep = options.Keep.Count;
            Span<Range> kept = stackalloc Range[Math.Min(keep, 64)];
            kept = keep > 64 ? new Range[keep] : kept;
            for (int start = 0; start < block.Length; number++)
            {
                int end = block.Buffer.AsSpan(start, block.Length - start).IndexOf((byte)'\n');
                int next = end < 0 ? block.Length : start + end + 1;
                int from = number == 1 && block.Buffer.AsSpan(start, next - start).StartsWith("\uFEFF"u8) ? start + 3 : start;
                var line = block.Buffer.AsMemory(from, next - from);
                start = next;
                if (line.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
                {
                    continue;
                }

                if (scorer._map.Read(line, kept, out string problem, folder) is { } sample)
                {
                    parsing.Add(sample, number, from, kept);
                }
                else
                {
                    result.Bad.Add(new BadLine(options.Inputs[block.File], number, problem));
                }
            }

            var context = new RewardContext { Threads = 1, WorkLimit = options.WorkLimit, Seed = options.Seed, Step = options.Step };
            var task = scorer._reward.ScoreAsync(parsing.Samples, context, stop.Token);
            result.Scores = task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
            if (output is not null)
            {
                scorer._writer.Write(result.Scores, result.Json, result.Bytes, block.File, parsing.Lines, block.Buffer, parsing.Starts, parsing.Kept);
            }

            ArrayPool<byte>.Shared.Return(block.Buffer);
        }

        private Result Rent(long sequence)
        {
            lock (_writing)
            {
                // A block that is far ahead of the one being written waits, so that memory stays bounded.
                while (sequence > _nextWrite + MostAhead && _failure is null && !stop.IsCancellationRequested)
                {
                    Monitor.Wait(_writing, 100);
                }

                return _free.TryPop(out var result) ? result : new Result();
            }
        }

        private void Hand(long sequence, Result result)
        {
            lock (_writing)
            {
                _waiting.Add(sequence, result);
                while (_waiting.Remove(_nextWrite, out var next))
                {
                    Write(next);
                    _nextWrite++;
                    next.Clear();
                    _free.Push(next);
                }

                Monitor.PulseAll(_writing);
            }
        }

        private void Write(Result result)
        {
            foreach (var bad in result.Bad)
            {
                scorer.OnBadLine?.Invoke(bad);
            }

            _summary.Add(result.Scores!, result.Bad.Count);
            try
            {
                output?.Write(result.Bytes.WrittenSpan);
            }
            catch (IOException e)
            {
                throw scorer.NotWritable(e);
            }

            if (scorer.OnProgress is { } progress && Stopwatch.GetElapsedTime(_lastProgress).TotalMilliseconds >= 200)
            {
                _lastProgress = Stopwatch.GetTimestamp();
                progress(new FileProgress(_summary.Rows, reader.BytesRead, _total, Stopwatch.GetElapsedTime(_started)));
            }
        }
    }

    /// <summary>What a worker keeps between blocks.</summary>
    private sealed class Parsing(int keep)
    {
        private readonly List<TextSample> _samples = [];
        private readonly List<long> _lines = [];
        private readonly List<int> _starts = [];
        private readonly List<Range> _kept = [];

        public IReadOnlyList<TextSample> Samples => _samples;

        public ReadOnlySpan<long> Lines => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lines);

        public ReadOnlySpan<int> Starts => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_starts);

        public ReadOnlySpan<Range> Kept => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_kept);

        public void Clear()
        {
            _samples.Clear();
            _lines.Clear();
            _starts.Clear();
            _kept.Clear();
        }

        public void Add(TextSample sample, long line, int start, ReadOnlySpan<Range> kept)
        {
            _samples.Add(sample);
            _lines.Add(line);
            _starts.Add(start);
            if (keep > 0)
            {
                _kept.AddRange(kept);
            }
        }
    }

    /// <summary>The output of one block.</summary>
    private sealed class Result
    {
        public Result() => Json = new Utf8JsonWriter(Bytes, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        public ArrayBufferWriter<byte> Bytes { get; } = new(64 << 10);

        public Utf8JsonWriter Json { get; }

        public List<BadLine> Bad { get; } = [];

        public Scores? Scores { get; set; }

        public void Clear()
        {
            Bytes.ResetWrittenCount();
            Bad.Clear();
            Scores = null;
        }
    }
}
