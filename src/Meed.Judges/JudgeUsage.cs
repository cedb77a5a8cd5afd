namespace Meed.Judges;

/// <summary>Counts the tokens that judges used, by model. Safe to use from several threads.</summary>
public sealed class JudgeUsage
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (long Prompt, long Completion)> _models = new(StringComparer.Ordinal);

    /// <summary>Prompt and completion tokens of each model that answered, by the name under which it answered.</summary>
    public IReadOnlyList<(string Model, long Prompt, long Completion)> Models
    {
        get
        {
            lock (_lock)
            {
                return [.. _models.Select(m => (m.Key, m.Value.Prompt, m.Value.Completion))];
            }
        }
    }

    /// <summary>Adds the tokens of one answer.</summary>
    public void Add(string model, long prompt, long completion)
    {
        lock (_lock)
        {
            var (p, c) = _models.GetValueOrDefault(model);
            _models[model] = (p + prompt, c + completion);
        }
    }
}
