namespace Meed.Rewards.MathAnswers;

/// <summary>Reads an answer into a typed tree: lists, relations, intervals, sets, quantities; <c>AnswerParser.Expressions.cs</c> reads what stands between.</summary>
/// <remarks>Recursive descent over tokens with a bounded depth and node count; a failure is a flag, not an exception.</remarks>
internal sealed partial class AnswerParser
{
    private const int MaxDepth = 160;
    private const int MaxNodes = 6_000;

    private readonly List<Token> _tokens;
    private readonly Meter _meter;
    private int _at;
    private int _depth;
    private int _nodes;
    private int _abs;
    private bool _builder;
    private bool _money;
    private bool _failed;

    private AnswerParser(List<Token> tokens, Meter meter)
    {
        _tokens = tokens;
        _meter = meter;
    }

    /// <summary>The tree of <paramref name="text"/>; null when it does not read as an answer.</summary>
    public static Node? Parse(string text, bool joinCommas, Meter meter, out bool joinedBareComma)
    {
        joinedBareComma = false;
        if (text.Length > Lexer.MaxLength)
        {
            return null;
        }

        var parser = new AnswerParser(Lexer.Run(text, joinCommas, meter, out joinedBareComma), meter);
        if (parser.Now.Kind == TokenKind.End)
        {
            return null;
        }

        var node = parser.Items();
        return parser._failed || parser.Now.Kind != TokenKind.End ? null : node;
    }

    private Token Now => _tokens[_at];

    private Token Ahead(int k) => _at + k < _tokens.Count ? _tokens[_at + k] : _tokens[^1];

    private bool Next(string symbol)
    {
        if (!Now.Is(symbol))
        {
            return false;
        }

        _at++;
        return true;
    }

    private Node Fail()
    {
        _failed = true;
        _at = _tokens.Count - 1;
        return new Node(NodeKind.Empty, "", Node.None);
    }

    private Node Make(NodeKind kind, string text, params Node[] args)
    {
        _meter.Charge(4);
        return ++_nodes > MaxNodes ? Fail() : new Node(kind, text, args);
    }

    private bool Enter() => ++_depth <= MaxDepth && !_failed;

    private enum Join : byte
    {
        None,
        Comma,
        Semicolon,
        And,
        Or,
    }

    /// <summary>One item, or a list of them, up to a closing token.</summary>
    private Node Items()
    {
        var (items, joins) = Separated();
        if (items.Count == 1)
        {
            return items[0];
        }

        if (items.Count == 0)
        {
            return Fail();
        }

        bool semicolons = joins.Contains(Join.Semicolon), commas = joins.Contains(Join.Comma);
        if (semicolons && commas)
        {
            return Group(items, joins, static j => j == Join.Semicolon);
        }

        if (commas && (joins.Contains(Join.And) || joins.Contains(Join.Or)) && SameNames(items, joins))
        {
            return Group(items, joins, static j => j is Join.And or Join.Or);
        }

        bool or = joins.Contains(Join.Or), and = joins.Contains(Join.And);
        return MakeList(items, or && !and ? 3 : and && !or && !commas ? 2 : 1);
    }

    private Node MakeList(List<Node> items, int join)
    {
        var node = Make(NodeKind.List, "", [.. items]);
        return new Node(node.Kind, node.Text, node.Args) { Extra = join };
    }

    private (List<Node> Items, List<Join> Joins) Separated()
    {
        var items = new List<Node>();
        var joins = new List<Join>();
        if (!Enter())
        {
            Fail();
            return (items, joins);
        }

        while (!_failed)
        {
            while (Separator() != Join.None)
            {
                _at++;   // a leading or doubled separator: ", and"
            }

            if (AtClose(atStart: true))
            {
                break;
            }

            if (items.Count > 0 && IsDeclaration())
            {
                SkipDeclaration();
                joins.RemoveAt(joins.Count - 1);
            }
            else
            {
                items.Add(Item());
            }

            if (Now.Is(".") && (Ahead(1).Kind == TokenKind.End || Ahead(1).Is("}")))
            {
                _at++;
            }

            var join = Separator();
            if (join == Join.None)
            {
                break;
            }

            while (Separator() is var more && more != Join.None)
            {
                join = more > join ? more : join;
                _at++;
            }

            if (AtClose())
            {
                break;
            }

            joins.Add(join);
        }

        if (!_failed && !AtClose())
        {
            Fail();
        }

        // A membership in a set of numbers only declares a name: "x = 2 pi k, k in Z".
        if (items.Count > 1 && items[^1] is { Kind: NodeKind.Relation, Text: "in" } last && last.Args[1] is { Kind: NodeKind.Symbol, Text: "Z" or "N" or "R" or "Q" or "C" })
        {
            items.RemoveAt(items.Count - 1);
            joins.RemoveAt(joins.Count - 1);
        }

        _depth--;
        return (items, joins);
    }

    private Join Separator()
    {
        var t = Now;
        return t.Kind switch
        {
            TokenKind.Symbol => t.Text switch { "," => Join.Comma, ";" => Join.Semicolon, "and" => Join.And, "or" => Join.Or, _ => Join.None },
            TokenKind.Word => t.IsWord("and") ? Join.And : t.IsWord("or") ? Join.Or : Join.None,
            _ => Join.None,
        };
    }

    private bool AtClose(bool atStart = false) => Now.Kind is TokenKind.End or TokenKind.Finish
        || (Now.Kind == TokenKind.Symbol && Now.Text is ")" or "]" or "}" or "\\}" or "&" or "\\\\" or "⌋" or "⌉")
        || (_builder && Now.Kind == TokenKind.Symbol && Now.Text is ":" or "mid")
        || (_builder && !atStart && Now.Is("|"));

    private Node Group(List<Node> items, List<Join> joins, Func<Join, bool> splits)
    {
        var groups = new List<Node>();
        var group = new List<Node>();
        for (int i = 0; i < items.Count; i++)
        {
            group.Add(items[i]);
            if (i == items.Count - 1 || splits(joins[i]))
            {
                groups.Add(group.Count == 1 ? group[0] : MakeList(group, 1));
                group = [];
            }
        }

        return groups.Count == 1 ? groups[0] : MakeList(groups, 1);
    }

    /// <summary>"p = 5, q = 2 and p = 7, q = 2": every group between the words assigns the same names.</summary>
    private static bool SameNames(List<Node> items, List<Join> joins)
    {
        string? first = null;
        string names = "";
        int count = 0;
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i] is not { Kind: NodeKind.Relation, Text: "=" } r || r.Args[0].Kind != NodeKind.Symbol)
            {
                return false;
            }

            names += r.Args[0].Text + " ";
            count++;
            if (i == items.Count - 1 || joins[i] is Join.And or Join.Or)
            {
                if (count < 2 || (first is not null && first != names))
                {
                    return false;
                }

                first ??= names;
                names = "";
                count = 0;
            }
        }

        return true;
    }

    private Node Item()
    {
        while (Now.Kind == TokenKind.Relation && Now.Text is "~" or "=")
        {
            _at++;
        }

        while (Now.IsWord("approximately") || Now.IsWord("about") || Now.IsWord("roughly"))
        {
            _at++;
        }

        var node = Relation();
        if (node.Kind == NodeKind.Text && EndsWithVerb(node.Text) && Separator() == Join.None && !AtClose())
        {
            node = Make(NodeKind.Relation, "=", node, Relation());   // "the maximum is 5"
        }

        if (IsDeclaration())
        {
            SkipDeclaration();
        }

        return node;
    }

    private void SkipDeclaration()
    {
        for (int open = 0; Now.Kind != TokenKind.End && (open > 0 || Separator() == Join.None); _at++)
        {
            open += Now.Is("{") || Now.Is("(") || Now.Is("[") ? 1 : Now.Is("}") || Now.Is(")") || Now.Is("]") ? -1 : 0;
            if (open < 0 || Now.Is("\\\\"))
            {
                break;
            }
        }
    }

    private static bool EndsWithVerb(string text) => text.EndsWith(" is", StringComparison.Ordinal) || text.EndsWith(" are", StringComparison.Ordinal) || text.EndsWith(" equals", StringComparison.Ordinal);

    /// <summary>"for all x ...", "where k is an integer", "for some integer k", "with k in Z": words behind an answer that only say what its names range over.</summary>
    private bool IsDeclaration()
    {
        if (Now.Kind == TokenKind.Command && Now.Text == "forall")
        {
            return true;
        }

        if (!(Now.IsWord("for") || Now.IsWord("where") || Now.IsWord("with")))
        {
            return false;
        }

        var next = Ahead(1);
        bool name = next.Kind == TokenKind.Letter || (next.Kind == TokenKind.Word && next.Text.Length == 1);
        return (Now.IsWord("for") && (next.IsWord("all") || next.IsWord("every") || next.IsWord("any") || next.IsWord("each")))
            || next.IsWord("integer") || (next.IsWord("some") && Ahead(2).IsWord("integer"))
            || (name && (Ahead(2) is { Kind: TokenKind.Relation, Text: "in" } || (Ahead(2).IsWord("is") && (Ahead(3).IsWord("an") || Ahead(3).IsWord("any")) && Ahead(4).IsWord("integer"))));
    }

    private Node Relation()
    {
        var first = Sets();
        List<Node>? args = null;
        var ops = new List<string>();
        while (!_failed && IsRelation(out string op))
        {
            _at++;
            if (Now.Kind == TokenKind.End && op == "=")
            {
                break;
            }

            var right = Sets();
            if (op == "~")
            {
                continue;   // an approximation behind the value adds nothing
            }

            if (ops.Count > 0 && ops[^1] == "~")
            {
                continue;
            }

            ops.Add(op);
            (args ??= [first]).Add(right);
        }

        return args is null ? first : Make(NodeKind.Relation, string.Join(' ', ops), [.. args]);
    }

    private bool IsRelation(out string op)
    {
        op = Now.Text;
        if (Now.Kind == TokenKind.Relation)
        {
            return true;
        }

        if (Now.IsWord("in") && Ahead(1).Kind == TokenKind.Symbol && Ahead(1).Text is "(" or "[" or "\\{")
        {
            op = "in";
            return true;
        }

        return false;
    }

    private Node Sets()
    {
        var left = Ratio();
        while (!_failed)
        {
            bool letter = Now is { Kind: TokenKind.Letter, Text: "U" } && left.Kind is NodeKind.Sequence or NodeKind.Set or NodeKind.Union;
            var kind = letter || Now.Is("cup") ? NodeKind.Union : Now.Is("cap") ? NodeKind.Intersection : Now.Is("setminus") ? NodeKind.Difference : NodeKind.Empty;
            if (kind == NodeKind.Empty)
            {
                break;
            }

            _at++;
            var right = Ratio();
            left = kind == NodeKind.Union && left.Kind == NodeKind.Union && left.Args.Length < 200 ? Make(kind, "", [.. left.Args, right]) : Make(kind, "", left, right);
            if (kind != NodeKind.Union && ++_depth > MaxDepth)
            {
                return Fail();
            }
        }

        return left;
    }

    private Node Ratio()
    {
        var first = Quantity();
        if (!Now.Is(":") || _builder)
        {
            return first;
        }

        var parts = new List<Node> { first };
        while (!_builder && Next(":") && !_failed)
        {
            parts.Add(Quantity());
        }

        if (parts.Count == 2 && first.Kind == NodeKind.Text)
        {
            return Make(NodeKind.Relation, "=", first, parts[1]);
        }

        return Clock.Read(parts) ?? Make(NodeKind.Ratio, "", [.. parts]);
    }
}
