using System.Collections.Frozen;

namespace Meed.Rewards.MathAnswers;

/// <summary>What characters, commands and words mean to the lexer.</summary>
internal static class LexicalTables
{
    /// <summary>Commands that only space or style the text.</summary>
    public static readonly FrozenSet<string> Ignored = Set(
        "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle scriptstyle limits nolimits mathstrut strut "
        + "mathbf mathit mathcal mathbb mathsf mathtt mathscr mathfrak boldsymbol bold bf it rm sf tt cal em vec hat tilde bar boxed fbox underline ensuremath "
        + "nonumber notag hfill noindent centering hspace vspace smallskip medskip bigskip cancel color mathop mathrel mathbin operatornamewithlimits large Large small normalsize");

    /// <summary>Commands whose group is text.</summary>
    public static readonly FrozenSet<string> Texts = Set("text mbox textbf textit textrm textnormal textsf texttt mathrm operatorname hbox emph textsc intertext");

    /// <summary>Commands that are white space.</summary>
    public static readonly FrozenSet<string> Spaces = Set("quad qquad enspace thinspace space enskip thickspace medspace negthinspace");

    /// <summary>Commands that stand for one symbol.</summary>
    public static readonly FrozenDictionary<string, string> Symbols = new Dictionary<string, string>
    {
        ["times"] = "*", ["cdot"] = "*", ["ast"] = "*", ["star"] = "*", ["bullet"] = "*", ["div"] = "/", ["pm"] = "±", ["mp"] = "∓",
        ["cup"] = "cup", ["bigcup"] = "cup", ["cap"] = "cap", ["setminus"] = "setminus", ["smallsetminus"] = "setminus", ["backslash"] = "setminus",
        ["lbrace"] = "\\{", ["rbrace"] = "\\}", ["lbrack"] = "[", ["rbrack"] = "]", ["lparen"] = "(", ["rparen"] = ")",
        ["vert"] = "|", ["lvert"] = "|", ["rvert"] = "|", ["mid"] = "mid", ["colon"] = ":", ["degree"] = "°", ["circ"] = "°",
        ["lfloor"] = "⌊", ["rfloor"] = "⌋", ["lceil"] = "⌈", ["rceil"] = "⌉", ["langle"] = "(", ["rangle"] = ")",
        ["land"] = "and", ["wedge"] = "and", ["lor"] = "or", ["vee"] = "or", ["prime"] = "'", ["percent"] = "%", ["|"] = "‖", ["Vert"] = "‖",
        ["ldots"] = "...", ["dots"] = "...", ["cdots"] = "...", ["dotsc"] = "...", ["dotsb"] = "...", ["pounds"] = "money", ["euro"] = "money",
    }.ToFrozenDictionary();

    /// <summary>Commands that are relations.</summary>
    public static readonly FrozenDictionary<string, string> Relations = new Dictionary<string, string>
    {
        ["le"] = "<=", ["leq"] = "<=", ["leqslant"] = "<=", ["leqq"] = "<=", ["ge"] = ">=", ["geq"] = ">=", ["geqslant"] = ">=", ["geqq"] = ">=",
        ["lt"] = "<", ["gt"] = ">", ["ne"] = "!=", ["neq"] = "!=", ["approx"] = "~", ["approxeq"] = "~", ["simeq"] = "~", ["sim"] = "~", ["cong"] = "~",
        ["in"] = "in", ["equiv"] = "=", ["eq"] = "=", ["coloneqq"] = "=",
    }.ToFrozenDictionary();

    /// <summary>Greek letters and constants given by one character, and what they read as.</summary>
    public static readonly FrozenDictionary<char, string> UnicodeCommands = new Dictionary<char, string>
    {
        ['π'] = "pi", ['∞'] = "infty", ['√'] = "sqrt", ['∛'] = "cbrt", ['α'] = "alpha", ['β'] = "beta", ['γ'] = "gamma", ['δ'] = "delta", ['θ'] = "theta", ['λ'] = "lambda",
        ['μ'] = "mu", ['σ'] = "sigma", ['τ'] = "tau", ['φ'] = "phi", ['ϕ'] = "phi", ['ω'] = "omega", ['ε'] = "epsilon", ['ρ'] = "rho", ['ψ'] = "psi", ['ζ'] = "zeta", ['η'] = "eta",
        ['ξ'] = "xi", ['Γ'] = "Gamma", ['Δ'] = "Delta", ['Ω'] = "Omega", ['Σ'] = "Sigma", ['Φ'] = "Phi", ['∠'] = "angle", ['△'] = "triangle", ['∅'] = "emptyset", ['ℝ'] = "R", ['ℤ'] = "Z",
    }.ToFrozenDictionary();

    /// <summary>Words that keep together outside \text: connectives, units of two letters and more, constants.</summary>
    public static readonly FrozenSet<string> ShortWords = Set("and or pi inf oo in cm mm km kg mg mL ml mph ft yd lb lbs oz hr hrs day yrs min sec ton gal kph rad deg pm am PM AM pct cents cent dollars percent sqrt Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec");

    /// <summary>Superscript characters and their digits.</summary>
    public const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /// <summary>Subscript characters and their digits.</summary>
    public const string Subscripts = "₀₁₂₃₄₅₆₇₈₉";

    /// <summary>Vulgar fractions of one character.</summary>
    public static readonly FrozenDictionary<char, (int Num, int Den)> Fractions = new Dictionary<char, (int, int)>
    {
        ['½'] = (1, 2), ['⅓'] = (1, 3), ['⅔'] = (2, 3), ['¼'] = (1, 4), ['¾'] = (3, 4), ['⅕'] = (1, 5), ['⅖'] = (2, 5), ['⅗'] = (3, 5), ['⅘'] = (4, 5),
        ['⅙'] = (1, 6), ['⅚'] = (5, 6), ['⅛'] = (1, 8), ['⅜'] = (3, 8), ['⅝'] = (5, 8), ['⅞'] = (7, 8),
    }.ToFrozenDictionary();

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
