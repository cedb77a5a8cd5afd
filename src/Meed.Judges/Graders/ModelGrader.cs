using System.Security.Cryptography;
using Meed.Rewards;
using Meed.Rewards.Documents.OpenAi;

namespace Meed.Judges.Graders;

/// <summary>A reward that a chat model decides: OpenAI's <c>score_model</c> and <c>label_model</c>.</summary>
/// <remarks>
/// A judge that cannot be asked, refuses or answers something else is <see cref="ScoreStatus.JudgeError"/> with a reason that begins with <c>judge_server</c>, <c>judge_refusal</c> or
/// <c>judge_parse</c>; it is never a zero. A number outside the range is cut to it, as the service does. Equal requests of a batch are sent once.
/// The request is the same for the same sample; whether the answer is, is up to the server, so that the reward is not called deterministic.
/// </remarks>
public abstract class ModelGrader : IReward<TextSample>
{
    private readonly JudgeClient _client;
    private readonly JudgeUsage? _usage;
    private readonly ChatRequest _request;

    private protected ModelGrader(RewardSchema schema, ChatRequest request, JudgeClient client, JudgeUsage? usage)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        Schema = schema with { PrefersBatches = true };
        (_request, _client, _usage) = (request, client, usage);
    }

    /// <inheritdoc/>
    public RewardSchema Schema { get; }

    /// <summary>The value of an answer and a reason for the row; null when the answer does not hold what was asked for.</summary>
    protected abstract (double Value, string? Reason)? Read(string answer);

    /// <inheritdoc/>
    public async ValueTask<Scores> ScoreAsync(IReadOnlyList<TextSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(context);
        var scores = new Scores(Schema, samples.Count);
        var asked = new Dictionary<string, Task<JudgeAnswer>>(StringComparer.Ordinal);
        var answers = new Task<JudgeAnswer>?[samples.Count];
        for (int i = 0; i < samples.Count; i++)
        {
            var body = Body(samples[i], i, scores, context, cancellationToken);
            if (!body.IsEmpty)
            {
                string key = Convert.ToHexString(SHA256.HashData(body.Span));
                answers[i] = asked.TryGetValue(key, out var same) ? same : asked[key] = _client.AskAsync(body, _usage, cancellationToken);
            }
        }

        await Task.WhenAll(asked.Values).ConfigureAwait(false);
        for (int i = 0; i < samples.Count; i++)
        {
            if (answers[i] is { } answer)
            {
                Fill(await answer.ConfigureAwait(false), i, scores);
            }

            context.Trace?.Node(context.RowOf(i), context.Path + Schema.Name, scores.Status[i] == ScoreStatus.Ok ? scores.Values[i] : double.NaN, scores.Status[i], scores.Work[i], scores.Reasons[i]);
        }

        return scores;
    }

    private ReadOnlyMemory<byte> Body(TextSample sample, int index, Scores scores, RewardContext context, CancellationToken cancellationToken)
    {
        var row = new ScoreRow(scores, index);
        var work = new Work(context.WorkLimit, context.WallLimit, cancellationToken);
        ReadOnlyMemory<byte> body = default;
        try
        {
            if (sample.Response.Length > context.LengthLimit)
            {
                row.Fault("too_long");
            }
            else
            {
                body = _request.Write(sample, _client.Options, ref work, out var fault, out var reason);
                if (GraderFaults.Stops(fault, reason, ref row))
                {
                    body = default;
                }
            }
        }
        catch (WorkExceededException)
        {
            row.Fault("over_budget");
        }

        scores.Work[index] = work.Used;
        return body;
    }

    private void Fill(JudgeAnswer answer, int index, Scores scores)
    {
        var row = new ScoreRow(scores, index);
        if (answer.Failure != JudgeFailure.None)
        {
            row.Fail(ScoreStatus.JudgeError, $"{JudgeAnswer.Word(answer.Failure)}: {answer.Problem}");
        }
        else if (Read(answer.Text) is var (value, reason))
        {
            row.Set(Math.Clamp(value, Schema.Minimum, Schema.Maximum), reason);
        }
        else
        {
            row.Fail(ScoreStatus.JudgeError, $"{JudgeAnswer.Word(JudgeFailure.Parse)}: the answer does not hold what was asked for");
        }
    }
}

/// <summary>OpenAI's <c>score_model</c>: a number in a range.</summary>
public sealed class ScoreModel(string name, ChatRequest request, double low, double high, JudgeClient client, JudgeUsage? usage = null)
    : ModelGrader(new RewardSchema(name, "1", [], low, high, RewardScope.Sample, false), request, client, usage)
{
    /// <inheritdoc/>
    protected override (double Value, string? Reason)? Read(string answer) => Verdict.Number(answer) is { } number ? (number, null) : null;
}

/// <summary>OpenAI's <c>label_model</c>: 1 for a passing label, 0 for another; the label is the row's reason.</summary>
public sealed class LabelModel(string name, ChatRequest request, IReadOnlyList<string> labels, IReadOnlyList<string> passing, JudgeClient client, JudgeUsage? usage = null)
    : ModelGrader(new RewardSchema(name, "1", [], 0, 1, RewardScope.Sample, false), request, client, usage)
{
    /// <inheritdoc/>
    protected override (double Value, string? Reason)? Read(string answer) => Verdict.Label(answer, labels) is { } label ? (passing.Contains(label) ? 1 : 0, label) : null;
}
