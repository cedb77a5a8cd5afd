namespace Meed.Rewards.MathAnswers;

internal enum TokenKind : byte
{
    /// <summary>End of input.</summary>
    End,

    /// <summary>A number; <see cref="Token.Text"/> holds digits and an optional point, without separators.</summary>
    Number,

    /// <summary>One letter.</summary>
    Letter,

    /// <summary>A known word, a word of \text{...}, or four or more letters in a row.</summary>
    Word,

    /// <summary>A LaTeX command that the parser reads (name without backslash).</summary>
    Command,

    /// <summary>One character such as + - * / ^ _ ( ) [ ] { } | , ; : ! % &amp; $ or a named operator.</summary>
    Symbol,

    /// <summary>A relation: = != &lt; &lt;= &gt; &gt;= ~ in.</summary>
    Relation,

    /// <summary>\begin{name}.</summary>
    Begin,

    /// <summary>\end{name}.</summary>
    Finish,
}

/// <summary>One token of an answer.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, bool InText, bool SpaceBefore)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);
}
