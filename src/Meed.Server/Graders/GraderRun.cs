using System.Diagnostics;
using System.Text.Json;
using Meed.Judges;
using Meed.Rewards;
using Meed.Rewards.Documents;
using Meed.Rewards.Documents.OpenAi;
using Meed.Server.Dialects;

namespace Meed.Server.Graders;

/// <summary>OpenAI's graders API: <c>POST …/fine_tuning/alpha/graders/run</c> and <c>…/validate</c>.</summary>
/// <remarks>
/// <c>run</c> takes <c>{"grader", "model_sample", "item"}</c> and answers <c>{"reward", "sub_rewards", "metadata", "model_grader_token_usage_per_model"}</c> with the service's typed errors;
/// <c>validate</c> takes <c>{"grader"}</c> and answers it. A grader that does not validate is 400 with an error object. The judge is the profile's; a grader may name none of its own.
/// <para>Source: the types of OpenAI's Python library (fine_tuning/alpha).</para>
/// </remarks>
internal sealed class GraderRun
{
    private readonly RewardDocument<TextSample> _document;
    private readonly JudgeUsage _usage = new();
    private readonly string _name;
    private readonly string _type;

    private GraderRun(JsonElement grader, RewardRegistry<TextSample> registry, bool allowCode)
    {
        Grader = grader;
        if (grader.ValueKind != JsonValueKind.Object || !grader.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            throw new GraderException($"grader must be an object with a type. Known: {string.Join(", ", registry.Graders)}.", "grader", "invalid_grader");
        }

        try
        {
            _document = RewardDocuments.Bind(DocumentJson.Read(grader, "grader"), registry.With(_usage).With(new JudgeRule(FromDocuments: false)).With(new ProgramRule(allowCode)), "grader", "grader");
        }
        catch (DocumentException e)
        {
            throw new GraderException(string.Join(" ", e.Problems.Select(p => p.Message)), "grader", "invalid_grader");
        }

        if (_document.RunsPrograms && !allowCode)
        {
            throw new GraderException("This grader runs programs, which this profile does not; write allow-code: true in it when that is meant.", "grader", "invalid_grader");
        }

        if (_document.RunsPrograms && Names(grader, "unsafeLocal"))
        {
            throw new GraderException("unsafeLocal cannot be sent: programs that arrive by request run in the sandbox.", "grader", "invalid_grader");
        }

        _type = type.GetString()!;
        _name = grader.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
    }

    /// <summary>The grader as it was sent.</summary>
    public JsonElement Grader { get; }

    /// <summary>Reads the grader of a request; throws <see cref="GraderException"/> with every problem.</summary>
    /// <param name="body">The request.</param>
    /// <param name="registry">What graders may use; the profile's judge is a part of it.</param>
    /// <param name="allowCode">True where the profile allows programs that it is sent.</param>
    public static GraderRun Read(JsonElement body, RewardRegistry<TextSample> registry, bool allowCode)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new GraderException($"The body must be a JSON object, not {Json.Kind(body)}.", null);
        }

        return new GraderRun(body.TryGetProperty("grader", out var grader) ? grader : throw new GraderException("Missing required parameter: 'grader'.", "grader", "missing_required_parameter"), registry, allowCode);
    }

    private static bool Names(JsonElement element, string key) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(p => p.Name == key || Names(p.Value, key)),
        JsonValueKind.Array => element.EnumerateArray().Any(e => Names(e, key)),
        _ => false,
    };

    /// <summary>Runs the grader on the request's sample and item.</summary>
    /// <returns>Writes the answer.</returns>
    public async Task<Action<Utf8JsonWriter>> RunAsync(JsonElement body, CancellationToken cancellationToken)
    {
        if (!body.TryGetProperty("model_sample", out var text))
        {
            throw new GraderException("Missing required parameter: 'model_sample'.", "model_sample", "missing_required_parameter");
        }

        if (text.ValueKind != JsonValueKind.String)
        {
            throw new GraderException($"model_sample must be a string, not {Json.Kind(text)}.", "model_sample", "invalid_type");
        }

        var item = body.TryGetProperty("item", out var row) && row.ValueKind == JsonValueKind.Object ? row : default;
        var reference = body.TryGetProperty("reference_answer", out var answer) && answer.ValueKind != JsonValueKind.Null ? answer : Items.Reference(item, null);
        var sample = new TextSample { Response = text.GetString()!, Item = item, Reference = reference };
        long started = Stopwatch.GetTimestamp();
        var scores = await _document.Reward.ScoreAsync([sample], RewardContext.Default, cancellationToken).ConfigureAwait(false);
        var time = Stopwatch.GetElapsedTime(started);
        return writer => Write(writer, scores, time);
    }

    private void Write(Utf8JsonWriter writer, Scores scores, TimeSpan time)
    {
        bool ok = scores.Status[0] == ScoreStatus.Ok;
        writer.WriteStartObject();
        writer.WriteNumber("reward", ok ? scores.Values[0] : 0);
        writer.WriteStartObject("metadata");
        writer.WriteString("name", _name);
        writer.WriteString("type", _type);
        writer.WriteStartObject("errors");
        GraderErrors.Of(scores.Status[0], scores.Reasons[0]).Write(writer);
        writer.WriteEndObject();
        writer.WriteNumber("execution_time", Math.Round(time.TotalSeconds, 6));
        SubRewards(writer, "scores", scores);
        var models = _usage.Models;
        if (models.Count > 0)
        {
            writer.WriteNumber("token_usage", models.Sum(m => m.Prompt + m.Completion));
            writer.WriteString("sampled_model_name", models[0].Model);
        }
        else
        {
            writer.WriteNull("token_usage");
            writer.WriteNull("sampled_model_name");
        }

        writer.WriteEndObject();
        SubRewards(writer, "sub_rewards", scores);
        writer.WriteStartObject("model_grader_token_usage_per_model");
        foreach (var (model, prompt, completion) in models)
        {
            writer.WriteStartObject(model);
            writer.WriteNumber("prompt_tokens", prompt);
            writer.WriteNumber("completion_tokens", completion);
            writer.WriteNumber("total_tokens", prompt + completion);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // The values of a multi grader's own graders; a part that gave no number is null, never 0.
    private void SubRewards(Utf8JsonWriter writer, string name, Scores scores)
    {
        writer.WriteStartObject(name);
        for (int c = 0; c < scores.Schema.Components.Count && _type == "multi"; c++)
        {
            string component = scores.Schema.Components[c];
            if (!component.Contains('.', StringComparison.Ordinal))
            {
                double value = scores.Component(c)[0];
                if (double.IsFinite(value))
                {
                    writer.WriteNumber(component, value);
                }
                else
                {
                    writer.WriteNull(component);
                }
            }
        }

        writer.WriteEndObject();
    }
}
