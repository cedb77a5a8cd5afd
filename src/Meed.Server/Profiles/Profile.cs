using System.Diagnostics;
using Meed.Judges;
using Meed.Rewards;
using Meed.Server.Hosting;

namespace Meed.Server.Profiles;

/// <summary>A reward under a name, with what the wire formats need to know about it.</summary>
internal sealed class Profile(string name, IReward<TextSample> reward, string hash, ProfileOptions options, bool runsPrograms = false)
{
    public string Name { get; } = name;

    public IReward<TextSample> Reward { get; } = reward;

    /// <summary>Content hash of the reward document, named in every answer.</summary>
    public string Hash { get; } = hash;

    public ProfileOptions Options { get; } = options;

    /// <summary>True when the reward runs programs: such requests take turns.</summary>
    public bool RunsPrograms { get; } = runsPrograms;

    public RewardSchema Schema => Reward.Schema;

    /// <summary>The judge that graders which are sent to this profile may ask; null where it has none.</summary>
    public JudgeClient? Judge { get; init; }

    /// <summary>Gathers samples of several requests; null for rewards that a program decides, which never wait.</summary>
    public BatchWindow? Window { get; } = reward.Schema is { PrefersBatches: true, Scope: RewardScope.Sample } ? new BatchWindow(reward, options.MaxWaiting) : null;

    /// <summary>Scores samples, with those of other requests where the reward prefers batches; null when too many samples wait for it.</summary>
    /// <returns>The scores and how long they waited for their batch.</returns>
    public async ValueTask<(Scores Scores, TimeSpan Waited)?> ScoreAsync(IReadOnlyList<TextSample> samples, CancellationToken cancellationToken)
    {
        if (Window is { } window)
        {
            return await window.ScoreAsync(samples, cancellationToken).ConfigureAwait(false);
        }

        long arrived = Stopwatch.GetTimestamp();
        using var turn = RunsPrograms ? await ProgramTurns.TakeAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false) : null;
        var waited = turn is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(arrived);
        return (await Reward.ScoreAsync(samples, RewardContext.Default, cancellationToken).ConfigureAwait(false), waited);
    }

    /// <summary>The number to send for a row: its value, or the stated value for rows that carry none.</summary>
    public double Number(Scores scores, int row) => scores.Status[row] == ScoreStatus.Ok ? scores.Values[row] : FailedValue;

    /// <summary>What a row without a number is sent as where the format demands a number.</summary>
    public double FailedValue => Options.WhenFailed ?? (double.IsFinite(Schema.Minimum) ? Schema.Minimum : 0);

    /// <summary>The row's place in the reward's range, 0 to 1.</summary>
    public double Share(Scores scores, int row)
    {
        double value = Number(scores, row);
        double range = Schema.Maximum - Schema.Minimum;
        return Math.Clamp(double.IsFinite(range) && range > 0 ? (value - Schema.Minimum) / range : value, 0, 1);
    }

    /// <summary>1 for rows that carry no number although they should: masked or retried by the caller.</summary>
    public static double Failed(Scores scores, int row) => scores.Status[row] is ScoreStatus.Ok or ScoreStatus.NotApplicable ? 0 : 1;

    /// <summary>A response without the special tokens that some trainers leave at its end.</summary>
    public string Strip(string response)
    {
        for (bool again = true; again;)
        {
            again = false;
            foreach (string token in Options.EndTokens)
            {
                if (token.Length > 0 && response.EndsWith(token, StringComparison.Ordinal))
                {
                    response = response[..^token.Length];
                    again = true;
                }
            }
        }

        return response;
    }
}

/// <summary>A profile's own settings, beside its reward document.</summary>
public sealed record ProfileOptions
{
    /// <summary>The value of a row without a number in formats that demand one; the reward's minimum when not set.</summary>
    public double? WhenFailed { get; init; }

    /// <summary>End-of-turn tokens taken off the end of responses that arrive with special tokens kept.</summary>
    public IReadOnlyList<string> EndTokens { get; init; } = ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<end_of_turn>", "<eos>", "</s>", "<｜end▁of▁sentence｜>"];

    /// <summary>Bearer token that a request to this profile must carry; none when not set.</summary>
    public string? Token { get; init; }

    /// <summary>An unguessable first path segment, for clients that cannot send headers: <c>/s/{secret}/p/{profile}/…</c>. Never logged.</summary>
    public string? SecretPath { get; init; }

    /// <summary>Answer slime with an object instead of a bare number; its <c>--reward-key</c> is then <c>reward</c>.</summary>
    public bool SlimeObject { get; init; }

    /// <summary>Dotted path of the reference inside <c>item</c>, for formats that send the whole data row.</summary>
    public string? ReferencePath { get; init; }

    /// <summary>True lets this profile run programs that arrive by request, in the sandbox: <c>run_code</c>, and rewards that run the program in a response. Also written allow-code.</summary>
    public bool AllowCode { get; init; }

    /// <summary>Samples that may wait for a judge or a learned reward at once; a request past that gets 429 with Retry-After.</summary>
    public int MaxWaiting { get; init; } = 8192;

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (WhenFailed is { } v && !double.IsFinite(v))
        {
            yield return $"WhenFailed is {v}: it is sent as JSON and must be a finite number.";
        }

        if (MaxWaiting < 1)
        {
            yield return $"MaxWaiting is {MaxWaiting}; it is at least 1.";
        }

        if (SecretPath is { } s && (s.Length < 16 || !s.All(char.IsAsciiLetterOrDigit)))
        {
            yield return "SecretPath must be at least 16 letters and digits.";
        }
    }
}
