using System.Text;
using System.Text.RegularExpressions;
using Meed.Numerics;

namespace Meed.Evaluation.Bench;

/// <summary>An edit that leaves the meaning of a text alone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="OnPrompt">True when it edits the prompt, false when it edits every response.</param>
/// <param name="Group">What it touches: space, marks, case, words, frame or noise.</param>
/// <param name="Apply">The edit; the stream serves edits that draw places.</param>
public sealed record Transformation(string Name, bool OnPrompt, string Group, Func<string, RandomStream, string> Apply);

/// <summary>Edits after reWordBench (Wu et al. 2025, arXiv:2503.11751): a reward whose ranking they turn looks at something else than meaning.</summary>
/// <remarks>Written by rules, without a model, so that each is exact and repeatable; paraphrases by a model are not among them. Both responses of a comparison get the same edit.</remarks>
public static partial class Transformations
{
    private static readonly (string From, string To)[] s_contractions =
    [
        ("don't", "do not"), ("doesn't", "does not"), ("didn't", "did not"), ("can't", "cannot"), ("won't", "will not"), ("isn't", "is not"), ("aren't", "are not"), ("wasn't", "was not"), ("it's", "it is"),
        ("I'm", "I am"), ("you're", "you are"), ("we're", "we are"), ("they're", "they are"), ("I'll", "I will"), ("you'll", "you will"), ("that's", "that is"), ("let's", "let us"), ("couldn't", "could not"), ("shouldn't", "should not"),
    ];

    private static readonly (string From, string To)[] s_british =
    [
        ("color", "colour"), ("colors", "colours"), ("favorite", "favourite"), ("center", "centre"), ("organize", "organise"), ("realize", "realise"), ("recognize", "recognise"), ("behavior", "behaviour"), ("neighbor", "neighbour"),
        ("traveling", "travelling"), ("analyze", "analyse"), ("flavor", "flavour"), ("honor", "honour"), ("apologize", "apologise"), ("humor", "humour"), ("labor", "labour"), ("defense", "defence"), ("gray", "grey"),
    ];

    private static readonly (string From, string To)[] s_connectives = [("for example", "for instance"), ("however", "nevertheless"), ("therefore", "hence"), ("in addition", "additionally"), ("such as", "like"), ("because", "since"), ("also", "as well"), ("many", "a lot of"), ("but", "yet")];

    private static readonly string[] s_numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Transformation> All { get; } =
    [
        Response("trailing space", "space", t => t + "  "),
        Response("leading newline", "space", t => "\n\n" + t),
        Response("double spaces", "space", t => t.Replace(" ", "  ", StringComparison.Ordinal)),
        Response("windows line ends", "space", t => t.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal)),
        Response("blank lines", "space", t => Newlines().Replace(t, "\n\n")),
        Response("single line breaks", "space", t => Newlines().Replace(t, "\n")),
        Response("one paragraph", "space", t => Newlines().Replace(t, " ")),
        Response("a line a sentence", "space", t => SentenceEnd().Replace(t, "$1\n")),
        Response("indent", "space", t => "    " + t.Replace("\n", "\n    ", StringComparison.Ordinal)),
        Response("no-break spaces", "space", t => t.Replace(' ', '\u00a0')),
        Response("curly quotes", "marks", t => OpenQuote().Replace(t, "$1\u201c").Replace('"', '\u201d').Replace('\'', '\u2019')),
        Response("straight quotes", "marks", t => t.Replace('\u201c', '"').Replace('\u201d', '"').Replace('\u2019', '\'').Replace('\u2018', '\'')),
        Response("dashes", "marks", t => t.Replace(" - ", " \u2014 ", StringComparison.Ordinal)),
        Response("ellipsis sign", "marks", t => t.Replace("...", "\u2026", StringComparison.Ordinal)),
        Response("star bullets", "marks", t => Bullet().Replace(t, "$1* ")),
        Response("bracket numbering", "marks", t => Numbered().Replace(t, "$1$2) ")),
        Response("markdown off", "marks", t => Markup().Replace(t, "")),
        Response("bold first sentence", "marks", t => FirstSentence().Replace(t, "**$1**", 1)),
        Response("decomposed accents", "marks", t => Safe(t).Normalize(NormalizationForm.FormD)),
        Response("lower case", "case", t => t.ToLowerInvariant()),
        Response("upper case", "case", t => t.ToUpperInvariant()),
        Response("first letter lower", "case", t => t.Length > 0 ? char.ToLowerInvariant(t[0]) + t[1..] : t),
        Response("contractions out", "words", t => Words(t, s_contractions)),
        Response("contractions in", "words", t => Words(t, [.. s_contractions.Select(p => (p.To, p.From))])),
        Response("british spelling", "words", t => Words(t, s_british)),
        Response("numbers as words", "words", t => SmallNumber().Replace(t, m => s_numbers[int.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture)])),
        Response("connectives", "words", t => Words(t, s_connectives)),
        Response("quoted", "frame", t => $"\"{t}\""),
        Response("code fence", "frame", t => $"```\n{t}\n```"),
        Response("'Answer:' in front", "frame", t => "Answer: " + t),
        Response("polite start", "frame", t => "Sure! Here is my answer.\n\n" + t),
        Response("polite end", "frame", t => t + "\n\nI hope this helps!"),
        Response("irrelevant end", "frame", t => t + "\n\nThe sky was clear over the harbour that morning."),
        new("swapped letters", false, "noise", (t, r) => Typos(t, r, 0.05)),
        new("missing letters", false, "noise", (t, r) => Dropped(t, r, 0.05)),
        new("prompt: swapped letters", true, "noise", (t, r) => Typos(t, r, 0.05)),
        Prompt("prompt: lower case", "case", t => t.ToLowerInvariant()),
        Prompt("prompt: 'please'", "frame", t => "Please answer the following.\n\n" + t),
        Prompt("prompt: quoted", "frame", t => $"\"{t}\""),
        Prompt("prompt: double spaces", "space", t => t.Replace(" ", "  ", StringComparison.Ordinal)),
    ];

    /// <summary>The edit of a text; the same text always gets the same edit.</summary>
    public static string Run(Transformation transformation, string text)
    {
        ArgumentNullException.ThrowIfNull(transformation);
        ArgumentNullException.ThrowIfNull(text);
        return transformation.Apply(text, new RandomStream((ulong)text.Length).Split(transformation.Name));
    }

    private static Transformation Response(string name, string group, Func<string, string> apply) => new(name, false, group, (t, _) => apply(t));

    private static Transformation Prompt(string name, string group, Func<string, string> apply) => new(name, true, group, (t, _) => apply(t));

    // Whole words, in the case of the first letter.
    private static string Words(string text, IReadOnlyList<(string From, string To)> pairs)
    {
        foreach (var (from, to) in pairs)
        {
            if (text.Contains(from, StringComparison.OrdinalIgnoreCase))
            {
                text = Regex.Replace(text, $@"(?<![\w']){Regex.Escape(from)}(?![\w'])", m => char.IsUpper(m.Value[0]) ? char.ToUpperInvariant(to[0]) + to[1..] : to, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
            }
        }

        return text;
    }

    private static string Typos(string text, RandomStream random, double rate) => LongWord().Replace(text, m =>
    {
        if (!random.NextBool(rate))
        {
            return m.Value;
        }

        int at = 1 + random.NextInt(m.Length - 3);
        return m.Value[..at] + m.Value[at + 1] + m.Value[at] + m.Value[(at + 2)..];
    });

    private static string Dropped(string text, RandomStream random, double rate) => LongWord().Replace(text, m => random.NextBool(rate) ? m.Value.Remove(1 + random.NextInt(m.Length - 2), 1) : m.Value);

    // Half a surrogate pair cannot be normalised.
    private static string Safe(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    [GeneratedRegex(@"\n+")]
    private static partial Regex Newlines();

    [GeneratedRegex(@"([.!?]) +")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex("(^|[\\s(\\[])\"")]
    private static partial Regex OpenQuote();

    [GeneratedRegex(@"(^|\n)- ")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"(^|\n)(\d{1,2})\. ")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"\*\*|(?<=^|\n)#+ ")]
    private static partial Regex Markup();

    [GeneratedRegex(@"^([^\n.!?*]{1,300}[.!?])")]
    private static partial Regex FirstSentence();

    [GeneratedRegex(@"(?<![\d.,$%/:\-+*=^\\])\b[0-9]\b(?![\d.,%/:\-+*=^)\\])")]
    private static partial Regex SmallNumber();

    [GeneratedRegex("[a-zA-Z]{5,}")]
    private static partial Regex LongWord();
}
