using System.Globalization;
using System.Text;

namespace Meed.Rewards.Documents.OpenAi;

/// <summary>Why a template could not be filled in for a sample, and by whose fault.</summary>
public enum TemplateFault : byte
{
    /// <summary>It was filled in.</summary>
    None,

    /// <summary>The policy's: a part of <c>sample</c> is missing, or the response is not the JSON that the template looks into.</summary>
    Sample,

    /// <summary>The task's: a part of <c>item</c> is missing.</summary>
    Item,
}

/// <summary>A text with <c>{{ item.path }}</c> and <c>{{ sample.path }}</c> in it.</summary>
/// <remarks>
/// Paths are names joined by dots, with <c>[0]</c> for places in a list and <c>['a name']</c> for keys that are no names. A string is put in as it is, every other value as JSON.
/// What is put in is never looked at again, so that a response cannot bring a template of its own.
/// <para>Source: OpenAI's guide to graders; the only namespaces are <c>item</c> and <c>sample</c>.</para>
/// </remarks>
public sealed class Template
{
    /// <summary>Longest template in characters.</summary>
    public const int LongestText = 256 * 1024;

    private readonly IReadOnlyList<(string Literal, TemplatePath? Path)> _parts;

    private Template(IReadOnlyList<(string, TemplatePath?)> parts) => _parts = parts;

    /// <summary>True when it looks at the sample.</summary>
    public bool UsesSample => _parts.Any(p => p.Path is { Namespace: "sample" });

    /// <summary>True when it has no variables.</summary>
    public bool IsConstant => _parts.All(p => p.Path is null);

    /// <summary>Reads a template.</summary>
    /// <param name="text">The text.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence; null when nothing is.</param>
    /// <returns>Null when there is a problem.</returns>
    public static Template? Parse(string text, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        problem = null;
        if (text.Length > LongestText)
        {
            problem = $"has {text.Length} characters; at most {LongestText} are possible.";
            return null;
        }

        var parts = new List<(string, TemplatePath?)>();
        int at = 0;
        for (int open; (open = text.IndexOf("{{", at, StringComparison.Ordinal)) >= 0;)
        {
            int close = text.IndexOf("}}", open + 2, StringComparison.Ordinal);
            if (close < 0)
            {
                problem = $"opens '{{{{' at character {open + 1} and never closes it with '}}}}'.";
                return null;
            }

            if (TemplatePath.Parse(text[(open + 2)..close].Trim(), out problem) is not { } path)
            {
                return null;
            }

            parts.Add((text[at..open], path));
            at = close + 2;
        }

        parts.Add((text[at..], null));
        return new Template(parts);
    }

    /// <summary>Fills the template in. Charges one unit a character.</summary>
    /// <param name="scope">The sample.</param>
    /// <param name="work">The counter.</param>
    /// <param name="fault">Why it could not be done.</param>
    /// <param name="reason">The variable that was missing.</param>
    /// <returns>The text; empty when there was a fault.</returns>
    public string Fill(TemplateScope scope, ref Work work, out TemplateFault fault, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(scope);
        fault = TemplateFault.None;
        reason = null;
        if (_parts.Count == 2 && _parts[0].Literal.Length == 0 && _parts[1].Literal.Length == 0)
        {
            return scope.Text(_parts[0].Path!, ref work, out fault, out reason) ?? "";
        }

        var text = new StringBuilder();
        foreach (var (literal, path) in _parts)
        {
            work.Charge(literal.Length);
            text.Append(literal);
            if (path is not null)
            {
                if (scope.Text(path, ref work, out fault, out reason) is not { } value)
                {
                    return "";
                }

                text.Append(value);
            }
        }

        return text.ToString();
    }
}

/// <summary>A path such as <c>item.choices[0].text</c>.</summary>
public sealed class TemplatePath
{
    private const int MostSteps = 32;

    private TemplatePath(string text, string space, IReadOnlyList<(string? Key, int Index)> steps) => (Text, Namespace, Steps) = (text, space, steps);

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary><c>item</c> or <c>sample</c>.</summary>
    public string Namespace { get; }

    /// <summary>Keys, or places in a list where the key is null.</summary>
    public IReadOnlyList<(string? Key, int Index)> Steps { get; }

    /// <summary>Reads a path; null with the end of a sentence when it is none.</summary>
    public static TemplatePath? Parse(string text, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        string shown = text.Length > 60 ? text[..60] + "..." : text;
        problem = $"has '{{{{ {shown} }}}}'; write a path such as {{{{ item.answer }}}} or {{{{ sample.output_text }}}}.";
        int at = text.AsSpan().IndexOfAny('.', '[');
        string space = at < 0 ? text : text[..at];
        if (space is not ("item" or "sample"))
        {
            problem = $"has '{{{{ {shown} }}}}'; the only namespaces are item and sample.";
            return null;
        }

        var steps = new List<(string?, int)>();
        at = space.Length;
        while (at < text.Length)
        {
            int end;
            if (text[at] == '.')
            {
                for (end = at + 1; end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-' or '$'); end++)
                {
                }

                if (end == at + 1)
                {
                    return null;
                }

                steps.Add((text[(at + 1)..end], -1));
                at = end;
            }
            else if (text[at] == '[' && at + 1 < text.Length && text[at + 1] is '\'' or '"')
            {
                end = text.IndexOf(text[at + 1], at + 2);
                if (end < 0 || end + 1 >= text.Length || text[end + 1] != ']')
                {
                    return null;
                }

                steps.Add((text[(at + 2)..end], -1));
                at = end + 2;
            }
            else if (text[at] == '[' && (end = text.IndexOf(']', at)) > 0 && int.TryParse(text.AsSpan(at + 1, end - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            {
                steps.Add((null, index));
                at = end + 1;
            }
            else
            {
                return null;
            }
        }

        if (space == "sample" && (steps.Count == 0 || !TemplateScope.SampleKeys.Contains(steps[0].Item1 ?? "")))
        {
            problem = $"has '{{{{ {shown} }}}}'; a sample has {string.Join(", ", TemplateScope.SampleKeys)}.";
            return null;
        }

        if (steps.Count is 0 or > MostSteps)
        {
            return null;
        }

        problem = null;
        return new TemplatePath(text, space, steps);
    }
}
