using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Meed.Judges;

/// <summary>Asks a chat model over an OpenAI-compatible endpoint: bounded concurrency, retries with back-off, Retry-After honoured, answers bounded in size.</summary>
/// <remarks>
/// 408, 409, 429, 5xx, broken connections and timeouts are tried again; every other status is final, because sending the same bytes again cannot help. The pause doubles from
/// <see cref="JudgeOptions.Backoff"/> to 30 s and carries no random part, so that the same run waits the same times. A key is read from the environment once and goes into the
/// Authorization header only; no message names it. Redirects are not followed, so that it cannot leave its server.
/// </remarks>
public sealed class JudgeClient : IDisposable
{
    private const int LargestAnswer = 4 << 20;
    private const int LongestProblem = 160;
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _places;
    private readonly Uri _url;
    private readonly AuthenticationHeaderValue? _key;

    /// <summary>A client of one endpoint; it is shared by every grader that asks there.</summary>
    /// <exception cref="ArgumentException">The options have a problem.</exception>
    public JudgeClient(JudgeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems().FirstOrDefault() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        Options = options;
        _url = new Uri(options.Address);
        _places = new SemaphoreSlim(options.Concurrency, options.Concurrency);
        _key = Environment.GetEnvironmentVariable(options.KeyVariable) is { Length: > 0 } key ? new AuthenticationHeaderValue("Bearer", key.Trim()) : null;
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false, MaxConnectionsPerServer = options.Concurrency, UseCookies = false })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    /// <summary>Its settings.</summary>
    public JudgeOptions Options { get; }

    /// <summary>Sends one chat completion request until it is answered, refused for good, or out of retries.</summary>
    /// <param name="body">The request as JSON.</param>
    /// <param name="usage">Receives the tokens used; null to leave them uncounted.</param>
    /// <param name="cancellationToken">Stops waiting and asking.</param>
    public async Task<JudgeAnswer> AskAsync(ReadOnlyMemory<byte> body, JudgeUsage? usage = null, CancellationToken cancellationToken = default)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var pause = Options.Backoff;
            for (int attempt = 0; ; attempt++)
            {
                var (answer, wait) = await TryAsync(body, usage, cancellationToken).ConfigureAwait(false);
                if (answer.Failure != JudgeFailure.Server || wait is null || attempt == Options.Retries)
                {
                    return answer;
                }

                if (wait > Options.LongestWait)
                {
                    return answer with { Problem = $"{answer.Problem} and asks to wait {wait.Value.TotalSeconds:0} s" };
                }

                await Task.Delay(wait.Value > TimeSpan.Zero ? wait.Value : pause, cancellationToken).ConfigureAwait(false);
                pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
            }
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    // The wait is null when trying again cannot help, zero when nothing was said about it.
    private async Task<(JudgeAnswer Answer, TimeSpan? Wait)> TryAsync(ReadOnlyMemory<byte> body, JudgeUsage? usage, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Options.Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Authorization = _key;
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token).ConfigureAwait(false);
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return (Read(bytes, usage), null);
            }

            bool again = response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
            return (new JudgeAnswer("", JudgeFailure.Server, $"the judge answered {(int)response.StatusCode}{(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? "" : Said(bytes))}"), again ? Wait(response.Headers.RetryAfter) : null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (new JudgeAnswer("", JudgeFailure.Server, $"the judge took longer than {Options.Timeout.TotalSeconds:0.###} s"), TimeSpan.Zero);
        }
        catch (HttpRequestException e)
        {
            bool tooLarge = e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded;
            return (new JudgeAnswer("", JudgeFailure.Server, tooLarge ? $"the judge's answer is larger than {LargestAnswer} bytes" : $"the judge could not be asked: {Short(e.Message)}"), tooLarge ? null : TimeSpan.Zero);
        }
    }

    private static TimeSpan Wait(RetryConditionHeaderValue? retryAfter)
    {
        var wait = retryAfter?.Delta ?? (retryAfter?.Date - DateTimeOffset.UtcNow) ?? TimeSpan.Zero;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static JudgeAnswer Read(byte[] bytes, JudgeUsage? usage)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0
                || choices[0].ValueKind != JsonValueKind.Object || !choices[0].TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.Object)
            {
                return new JudgeAnswer("", JudgeFailure.Server, "the judge's answer is no chat completion");
            }

            if (usage is not null && root.TryGetProperty("usage", out var used) && used.ValueKind == JsonValueKind.Object)
            {
                usage.Add(root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String ? model.GetString()! : "", Count(used, "prompt_tokens"), Count(used, "completion_tokens"));
            }

            if (message.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String && refusal.GetString()!.Length > 0)
            {
                return new JudgeAnswer("", JudgeFailure.Refusal, "the judge refused");
            }

            if (choices[0].TryGetProperty("finish_reason", out var finish) && finish.ValueKind == JsonValueKind.String && finish.ValueEquals("content_filter"))
            {
                return new JudgeAnswer("", JudgeFailure.Refusal, "the judge's answer was filtered");
            }

            return message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
                ? new JudgeAnswer(content.GetString()!)
                : new JudgeAnswer("", JudgeFailure.Parse, "the judge's message has no text");
        }
        catch (JsonException)
        {
            return new JudgeAnswer("", JudgeFailure.Server, "the judge's answer is not JSON");
        }
        catch (InvalidOperationException)
        {
            return new JudgeAnswer("", JudgeFailure.Server, "the judge's answer is not valid text");
        }
    }

    private static long Count(JsonElement used, string name) => used.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long count) && count >= 0 ? count : 0;

    // The server's own words about the error help to repair it. They are cut, and left out where they might repeat the key.
    private static string Said(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String ? ": " + Short(message.GetString()!) : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static string Short(string text)
    {
        var line = new StringBuilder(text.Length <= LongestProblem ? text : text[..LongestProblem]);
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(line[i]) ? ' ' : line[i];
        }

        return line.ToString();
    }
}
