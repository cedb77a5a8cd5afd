namespace Meed.Judges;

/// <summary>Where a chat model is asked, and how patiently.</summary>
public sealed record JudgeOptions
{
    /// <summary>Base address of an OpenAI-compatible API, such as <c>http://127.0.0.1:8000/v1</c>; <c>/chat/completions</c> is added where it is missing.</summary>
    public string Url { get; init; } = "";

    /// <summary>Model to ask in place of the one that a grader names; none keeps the grader's.</summary>
    public string? Model { get; init; }

    /// <summary>Environment variable that holds the key. Keys are read from nowhere else and are sent to this address alone.</summary>
    public string KeyVariable { get; init; } = "MEED_JUDGE_KEY";

    /// <summary>Requests under way at once; the others wait their turn.</summary>
    public int Concurrency { get; init; } = 16;

    /// <summary>Time that one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request is sent again after 408, 429, a server error, a broken connection or a timeout.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>First pause before sending again; it doubles up to 30 s. A Retry-After that the server states is waited instead.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest Retry-After that is waited; a server that asks for more counts as failed.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Most tokens of an answer, where a grader states no number of its own.</summary>
    public int MaxTokens { get; init; } = 4096;

    /// <summary>Longest prompt in characters. A longer one is the policy's fault where its sample is what makes it long.</summary>
    public int MaxPromptCharacters { get; init; } = 400_000;

    /// <summary>Ask for an answer that follows a JSON Schema. Off for servers that refuse <c>response_format</c>; the answer is read in the same way.</summary>
    public bool Structured { get; init; } = true;

    /// <summary>Where requests go.</summary>
    internal string Address
    {
        get
        {
            string url = Url.Trim().TrimEnd('/');
            return url.EndsWith("/chat/completions", StringComparison.Ordinal) ? url : url + "/chat/completions";
        }
    }

    /// <summary>Every problem of this record.</summary>
    public IEnumerable<string> Problems()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var uri) || !Uri.TryCreate(Address, UriKind.Absolute, out _) || uri.Scheme is not ("http" or "https"))
        {
            yield return Url.Length == 0 ? "Url is missing; write the base address of an OpenAI-compatible API, such as http://127.0.0.1:8000/v1." : $"Url is '{Url}'; write an address such as http://127.0.0.1:8000/v1.";
        }
        else if (uri.UserInfo.Length > 0)
        {
            yield return "Url holds a user name or password; put the key into the environment variable that keyVariable names.";
        }

        if (KeyVariable != new JudgeOptions().KeyVariable && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(KeyVariable)))
        {
            yield return $"KeyVariable is '{KeyVariable}', and the environment has no such variable.";
        }

        if (Concurrency is < 1 or > 4096)
        {
            yield return $"Concurrency is {Concurrency}; 1 to 4096 are possible.";
        }

        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromHours(1))
        {
            yield return $"Timeout is {Timeout.TotalSeconds} s; write more than nothing and at most an hour.";
        }

        if (Retries is < 0 or > 100)
        {
            yield return $"Retries is {Retries}; 0 to 100 are possible.";
        }

        if (MaxTokens < 1 || MaxPromptCharacters < 1)
        {
            yield return $"MaxTokens is {MaxTokens} and MaxPromptCharacters {MaxPromptCharacters}; both are at least 1.";
        }
    }
}
