using System.Text;
using Meed.Rewards.MathAnswers;

namespace Meed.Rewards.Tests.MathAnswers;

/// <summary>Inputs made to break the checker: every one ends within five million units and none is right.</summary>
public class MathHostileTests(ITestOutputHelper output)
{
    private const long Bound = 5_000_000;

    private static string Repeat(string s, int n) => new StringBuilder(s.Length * n).Insert(0, s, n).ToString();

    public static TheoryData<string, string> Hostile() => new()
    {
        { "tower", "2^{2^{2^{2^{2^{2^{2}}}}}}" },
        { "tower-plain", "9^9^9^9^9^9^9^9" },
        { "tower-long", Repeat("9^", 2000) + "9" },
        { "big-power", "(1+x)^{100000}" },
        { "multinomial", "(a+b+c+d+e+f+g)^{200}" },
        { "multinomial-nested", "((a+b+c+d)^{9}+(x+y+z+w)^{9})^{9}" },
        { "product-of-sums", Repeat("(a+b+c+d+x)(y+z+u+v+w)", 30) },
        { "factorial", "1000000000!" },
        { "factorials", "((((5!)!)!)!)!" },
        { "factorial-marks", "5" + Repeat("!", 5000) },
        { "factorial-products", Repeat("1499!", 200) },
        { "binomial", "\\binom{1000000000}{500000000}" },
        { "nested-roots", Repeat("\\sqrt{2+", 5000) + "2" + Repeat("}", 5000) },
        { "nested-roots-parsed", Repeat("\\sqrt{3+", 20) + "2" + Repeat("}", 20) },
        { "radicals", string.Join('+', Enumerable.Range(2, 400).Select(static n => $"\\sqrt{{{n}}}")) },
        { "radical-product", string.Concat(Enumerable.Range(2, 60).Select(static n => $"(1+\\sqrt{{{n}}})")) },
        { "parentheses", Repeat("(", 100_000) + "1" + Repeat(")", 100_000) },
        { "braces", Repeat("{", 10_000) + "1" + Repeat("}", 10_000) },
        { "signs", Repeat("-", 19_000) + "1" },
        { "divisions", Repeat("1/", 9_000) + "1" },
        { "digits", Repeat("9", 19_000) },
        { "digits-product", Repeat("9", 4_900) + "*" + Repeat("7", 4_900) + "*" + Repeat("3", 4_900) },
        { "digits-power", Repeat("9", 4_000) + "^{" + Repeat("9", 4_000) + "}" },
        { "semi-prime-root", "\\sqrt{" + Repeat("9", 900) + "7}" },
        { "decimals", "0." + Repeat("3", 19_000) },
        { "exponent", "1e999999999" },
        { "exponent-many", string.Join('+', Enumerable.Range(0, 500).Select(static n => $"1e{n + 3000}")) },
        { "megabyte", Repeat("x", 1 << 20) },
        { "megabyte-digits", Repeat("1", 1 << 20) },
        { "megabyte-boxes", Repeat("\\boxed{", 150_000) },
        { "megabyte-open-boxes", Repeat("\\boxed{1", 130_000) },
        { "megabyte-closed-boxes", Repeat("\\boxed{1} ", 100_000) },
        { "megabyte-dollars", Repeat("$", 1 << 20) },
        { "megabyte-answer-is", Repeat("answer is ", 100_000) },
        { "megabyte-final", "The final answer is " + Repeat("a b ", 250_000) },
        { "eight-megabytes", Repeat("so 3 ", 1_600_000) },
        { "boxed-megabyte", "\\boxed{" + Repeat("1+", 500_000) + "1}" },
        { "list", string.Join(',', Enumerable.Range(0, 3_000)) },
        { "set", "\\{" + string.Join(',', Enumerable.Range(0, 390).Select(static n => $"x^{{{n}}}+1")) + "\\}" },
        { "set-of-sets", "\\{" + string.Join(',', Enumerable.Range(0, 60).Select(static n => "\\{" + string.Join(',', Enumerable.Range(n, 40)) + "\\}")) + "\\}" },
        { "union", string.Join("\\cup", Enumerable.Range(0, 900).Select(static n => $"({n},{n + 1})")) },
        { "difference", string.Join("\\setminus", Enumerable.Range(0, 900).Select(static n => $"({n},{n + 1})")) },
        { "matrix", "\\begin{pmatrix}" + string.Join("\\\\", Enumerable.Range(0, 60).Select(static _ => string.Join('&', Enumerable.Range(0, 60)))) + "\\end{pmatrix}" },
        { "sum", "\\sum_{k=1}^{1000}\\sum_{j=1}^{1000}\\sum_{i=1}^{1000} k^{j^{i}}" },
        { "sum-of-roots", "\\sum_{k=1}^{1000} \\sqrt{k^2+1}" },
        { "product-of-sums-bounded", "\\prod_{k=1}^{900} (x+k)" },
        { "trig", Repeat("\\sin(", 40) + "x" + Repeat(")", 40) },
        { "trig-powers", "(\\sin x+\\cos x+\\tan x+\\sin 2x+\\cos 2x)^{20}" },
        { "equation-chain", Repeat("x=", 4_000) + "1" },
        { "inequality-chain", Repeat("1<", 4_000) + "x" },
        { "ratio", Repeat("1:", 4_000) + "1" },
        { "text", "\\text{" + Repeat("word ", 3_000) + "}" },
        { "text-open", Repeat("\\text{", 3_000) },
        { "begin-open", Repeat("\\begin{pmatrix}", 1_000) },
        { "absolute", Repeat("|", 10_001) },
        { "absolute-nested", Repeat("|1+", 4_000) },
        { "subscripts", "x" + Repeat("_{x", 4_000) },
        { "plus-minus", Repeat("\\pm 1 ", 2_000) },
        { "plus-minus-list", string.Join(',', Enumerable.Range(0, 500).Select(static n => $"\\pm {n}")) },
        { "surrogates", "\\boxed{\ud800\udc00\ud800 \0 \uFEFF \u202e}" },
        { "nothing", "" },
        { "blank", "   \n\t  " },
        { "not-a-number", "NaN" },
        { "zero-division", "1/0" },
        { "infinity", "\\infty" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Judge_HostileInput_EndsWithinTheBoundAndIsNotEqual(string name, string response)
    {
        Assert.NotEmpty(name);
        foreach (string gold in (string[])["17", "(-\\infty,3]\\cup(5,6)", "\\sqrt{2+\\sqrt{5}}", "y=2x+1"])
        {
            foreach (string text in (string[])[response, $"\\boxed{{{response}}}"])
            {
                var work = new Work(long.MaxValue);
                var verdict = MathVerifier.Judge(gold, text, MathOptions.Default, ref work);
                Assert.False(verdict.IsEqual, $"{gold}: {verdict}");
                Assert.True(work.Used <= Bound, $"{gold}: {work.Used} units, {verdict}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Judge_HostileInputOnBothSides_EndsWithinTheBound(string name, string text)
    {
        var work = new Work(long.MaxValue);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var verdict = MathVerifier.Judge(text, text + "+1", MathOptions.Default, ref work);
        output.WriteLine($"{name}: {work.Used} units, {watch.Elapsed.TotalMilliseconds:F1} ms, {verdict.Outcome} {verdict.Rule}");
        Assert.True(work.Used <= Bound, $"{work.Used} units, {verdict}");
    }

    [Fact]
    public async Task Score_TenThousandMutations_AreScoredAndNeverAboveTheMinimum()
    {
        var verifier = new MathVerifier();
        await Fuzz.IsAlwaysScored(verifier, TextSample.Of("", "\\frac{17}{23}+\\sqrt{5}"), correctness: true, 10_000,
            "The answer is $\\boxed{\\frac{17}{22}+\\sqrt{5}}$.", "\\boxed{\\sqrt{5}}", "x \\in (-\\infty, 3] \\cup \\{4\\}", "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "f(x) = \\sum_{k=0}^{n} \\binom{n}{k} x^k, \\quad n \\ge 2");
    }

    [Fact]
    public async Task Score_RandomTokens_AreScoredAndNeverAboveTheMinimum()
    {
        string[] tokens =
        [
            "1", "2", "23", "0.5", "x", "y", "n", "e", "i", "\\pi", "\\frac", "\\sqrt", "{", "}", "(", ")", "[", "]", "\\{", "\\}", "|", ",", ";", ":", "+", "-", "*", "/", "^", "_", "=", "<", "\\le", "\\pm", "!", "%", "^\\circ",
            "\\sin", "\\log", "\\sum_{k=1}^{5}", "\\binom", "\\cup", "\\infty", "\\text{cm}", "\\text{ and }", " ", "$", "\\\\", "&", "\\begin{pmatrix}", "\\end{pmatrix}", "\\overline", "\\lfloor", "\\rfloor", "f", "p.m.", "October", "\\in", "\\setminus", "'", "...", "and",
        ];
        var random = new Random(7);
        var samples = new List<TextSample>();
        for (int i = 0; i < 10_000; i++)
        {
            var b = new StringBuilder("\\boxed{");
            for (int k = random.Next(1, 25); k > 0; k--)
            {
                b.Append(tokens[random.Next(tokens.Length)]);
            }

            samples.Add(TextSample.Of(b.Append('}').ToString(), "\\frac{17}{23}+\\sqrt{5}"));
        }

        var scores = await new MathVerifier().ScoreAsync(samples, RewardContext.Default with { WorkLimit = Bound }, TestContext.Current.CancellationToken);
        for (int i = 0; i < samples.Count; i++)
        {
            Assert.True(scores.Status[i] == ScoreStatus.Ok && scores.Values[i] == 0, $"{samples[i].Response}: {scores.Status[i]} {scores.Values[i]} {scores.Reasons[i]}");
        }
    }

    [Theory]
    // What a policy might try instead of an answer.
    [InlineData("7", "\\boxed{}")]
    [InlineData("7", "\\boxed{1,2,3,4,5,6,7,8,9}")]
    [InlineData("7", "\\boxed{x}")]
    [InlineData("7", "\\boxed{x=x}")]
    [InlineData("7", "\\boxed{\\text{the answer}}")]
    [InlineData("7", "\\boxed{6 \\text{ or } 7}")]
    [InlineData("7", "\\boxed{7 = 7 = 8}")]
    [InlineData("7", "\\boxed{7}, \\boxed{8}")]
    [InlineData("7", "\\boxed{7} and \\boxed{8}")]
    [InlineData("7", "\\boxed{7}. Wait, \\boxed{8}")]
    [InlineData("7", "\\boxed{\\pm 7}")]
    [InlineData("7", "\\boxed{\\{7\\}\\cup\\{8\\}}")]
    [InlineData("7", "\\boxed{[6,8]}")]
    [InlineData("7", "\\boxed{x \\le 7}")]
    [InlineData("7", "\\boxed{\\approx 7.4}")]
    [InlineData("7", "\\boxed{7 \\text{ is not the answer}}")]
    [InlineData("7", "\\boxed{7x^0 + y}")]
    [InlineData("7", "\\boxed{\\infty}")]
    [InlineData("7", "\\boxed{NaN}")]
    [InlineData("7", "\\boxed{0/0}")]
    [InlineData("7", "\\boxed{\\max(7, x)}")]
    [InlineData("x+1", "\\boxed{f(x)}")]
    [InlineData("x+1", "\\boxed{y}")]
    [InlineData("(1,2)", "\\boxed{(x,y)}")]
    [InlineData("\\{1,2\\}", "\\boxed{\\{1,2,3\\}}")]
    [InlineData("(0,1)", "\\boxed{(-\\infty,\\infty)}")]
    [InlineData("\\text{Evelyn}", "\\boxed{\\text{Angela, Briana, Evelyn}}")]
    [InlineData("\\text{Evelyn}", "\\boxed{\\text{Angela or Evelyn}}")]
    [InlineData("\\text{Evelyn}", "\\boxed{\\text{not Evelyn}}")]
    public void Judge_HackOfTheChecker_DoesNotPay(string gold, string response)
    {
        var work = new Work(Bound);
        var verdict = MathVerifier.Judge(gold, response, MathOptions.Default, ref work);
        Assert.False(verdict.IsEqual, verdict.ToString());
    }
}
