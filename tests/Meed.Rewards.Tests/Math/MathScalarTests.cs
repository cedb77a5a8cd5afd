using Meed.Rewards.MathAnswers;

namespace Meed.Rewards.Tests.MathAnswers;

public class MathScalarTests
{
    internal static void Check(string gold, string prediction, bool equal, MathOptions? options = null)
    {
        var work = new Work(5_000_000);
        var verdict = MathEquivalence.Compare(gold, prediction, options ?? MathOptions.Default, ref work);
        Assert.True(verdict.IsEqual == equal, $"{gold} | {prediction}: {verdict}");
    }

    [Theory]
    // Whole numbers, separators, signs.
    [InlineData("5", "5", true)]
    [InlineData("5", "-5", false)]
    [InlineData("5", "05", true)]
    [InlineData("-5", "−5", true)]
    [InlineData("10080", "10,\\!080", true)]
    [InlineData("14916", "14{,}916", true)]
    [InlineData("14916", "14 {, }916", true)]
    [InlineData("7425000", "7,425,000", true)]
    [InlineData("1000", "1 000", true)]
    [InlineData("1000", "1\\,000", true)]
    [InlineData("1000", "1000.0", true)]
    [InlineData("1000", "1,00", false)]
    [InlineData("12345", "123,45", false)]
    [InlineData("11111111100", "11,\\! 111,\\! 111,\\! 100", true)]
    [InlineData("100000000000000000000000000000000", "100000000000000000000000000000001", false)]
    [InlineData("6.02e23", "6.02 \\times 10^{23}", true)]
    [InlineData("6.02 \\times 10^{23}", "6.02 \\cdot 10^{22}", false)]
    // Decimals.
    [InlineData("0.5", ".5", true)]
    [InlineData("0.25", "1/4", true)]
    [InlineData("0.25", "0.2499", false)]
    [InlineData("\\frac{1}{3}", "0.3333", true)]
    [InlineData("\\frac{1}{3}", "0.33", false)]
    [InlineData("\\frac{1}{3}", "0.3334", false)]
    [InlineData("\\frac{2}{3}", "0.6666", false)]
    [InlineData("\\frac{600}{7}", "85.71", true)]
    [InlineData("\\frac{600}{7}", "85.72", false)]
    [InlineData("\\sqrt{2}", "1.4142", true)]
    [InlineData("\\sqrt{2}", "1.4143", false)]
    [InlineData("\\sqrt{2}", "1.41", false)]
    [InlineData("3.14", "\\pi", false)]
    [InlineData("16386.16", "16386.1644", false)]
    [InlineData("4", "5.333333333333333", false)]
    [InlineData("1000.99", "1000,99", true)]
    [InlineData("1,22", "1.22", true)]
    [InlineData("1,2", "1.2", false)]
    [InlineData("2,345", "2.345", false)]
    // Repeating and mixed.
    [InlineData("\\frac{1}{3}", "0.\\overline{3}", true)]
    [InlineData("\\frac{1}{30}", "0.0\\overline{3}", true)]
    [InlineData("0.\\overline{27}", "\\frac{3}{11}", true)]
    [InlineData("0.\\overline{9}", "1", true)]
    [InlineData("12\\frac{3}{5}", "12.6", true)]
    [InlineData("12\\frac{3}{5}", "\\frac{63}{5}", true)]
    [InlineData("-15\\frac{3}{5}", "-15.6", true)]
    [InlineData("1\\frac{1}{10}", "1\\frac{1}{9}", false)]
    [InlineData("1 1/2", "3/2", true)]
    [InlineData("1½", "3/2", true)]
    [InlineData("\\frac{3}{2}", "11/2", false)]
    // Fractions.
    [InlineData("\\frac13", "1/3", true)]
    [InlineData("\\frac 59", "\\dfrac{5}{9}", true)]
    [InlineData("\\frac3{3}", "1", true)]
    [InlineData("\\frac1{216}", "\\tfrac{1}{216}", true)]
    [InlineData("\\frac{12}{5,\\!525}", "\\frac{12}{5525}", true)]
    [InlineData("-\\frac{3}{4}", "\\frac{-3}{4}", true)]
    [InlineData("-\\frac{3}{4}", "\\frac{3}{-4}", true)]
    [InlineData("-\\frac{3}{4}", "\\frac{-3}{-4}", false)]
    [InlineData("\\frac{1}{0}", "\\frac{2}{0}", false)]
    [InlineData("\\frac{3}{56}", "6", false)]
    public void Numbers_Pair_Verdict(string gold, string prediction, bool equal) => Check(gold, prediction, equal);

    [Theory]
    [InlineData("3\\sqrt{13}", "\\sqrt{117}", true)]
    [InlineData("3\\sqrt{13}", "13\\sqrt{3}", false)]
    [InlineData("11\\sqrt2", "11\\sqrt{2}", true)]
    [InlineData("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}", true)]
    [InlineData("\\frac{1}{1+\\sqrt{2}}", "\\sqrt{2}-1", true)]
    [InlineData("\\sqrt{2}+\\sqrt{3}", "\\sqrt{5}", false)]
    [InlineData("\\sqrt{3+2\\sqrt{2}}", "1+\\sqrt{2}", true)]
    [InlineData("\\sqrt{2+\\sqrt{3}}", "\\frac{\\sqrt{6}+\\sqrt{2}}{2}", true)]
    [InlineData("\\sqrt{2+\\sqrt{3}}", "\\frac{\\sqrt{6}-\\sqrt{2}}{2}", false)]
    [InlineData("5\\sqrt[3]{4}", "5 \\cdot 2^{2/3}", true)]
    [InlineData("5\\sqrt[3]{4}", "5 \\cdot 2^{1/3}", false)]
    [InlineData("2^{-2/3}", "\\frac{1}{\\sqrt[3]{4}}", true)]
    [InlineData("\\sqrt[3]{-8}", "-2", true)]
    [InlineData("\\sqrt{-4}", "2i", true)]
    [InlineData("10^{1/100}", "10^{0.01}", true)]
    [InlineData("2^{1009}", "2^{1009}", true)]
    [InlineData("2^{1009}", "2^{1009}-1", false)]
    [InlineData("2^{100000}", "4^{50000}", true)]
    [InlineData("2^{100000}", "2^{100001}", false)]
    [InlineData("\\frac{100!}{2^{50}}", "100!/2^{50}", true)]
    [InlineData("\\frac{100!}{2^{50}}", "100!/2^{51}", false)]
    [InlineData("7\\pi", "7*pi", true)]
    [InlineData("7\\pi", "21.99", true)]
    [InlineData("7\\pi", "33\\pi", false)]
    [InlineData("\\pi + 10^{-20}", "\\pi", false)]
    [InlineData("e^{2}", "e^2", true)]
    [InlineData("e", "\\exp(1)", true)]
    [InlineData("\\ln 8", "3\\ln 2", true)]
    [InlineData("\\log_2 8", "3", true)]
    [InlineData("\\log_{10} 1000", "3", true)]
    [InlineData("\\frac{\\log 2}{\\log 2-\\log 3}", "-\\frac{\\ln 2}{\\ln 3-\\ln 2}", true)]
    [InlineData("\\frac{\\log 2}{\\log 2-\\log 3}", "-\\frac{\\ln 2}{\\ln 5-\\ln 3}", false)]
    [InlineData("2,-\\log_{10} 250", "2, -\\log_{10}(250)", true)]
    [InlineData("\\sin 30^\\circ", "\\frac12", true)]
    [InlineData("\\sin\\frac{\\pi}{6}", "0.5", true)]
    [InlineData("\\cos 13^\\circ", "\\sin 77^\\circ", true)]
    [InlineData("\\tan 15^\\circ", "2-\\sqrt{3}", true)]
    [InlineData("\\tan 15^\\circ", "2+\\sqrt{3}", false)]
    [InlineData("\\arctan 1", "\\frac{\\pi}{4}", true)]
    [InlineData("\\tan^{-1} 1", "\\frac{\\pi}{4}", true)]
    [InlineData("\\cos 36^\\circ", "\\frac{1+\\sqrt{5}}{4}", true)]
    [InlineData("\\sin 10^\\circ \\cdot \\sin 50^\\circ \\cdot \\sin 70^\\circ", "\\frac18", true)]
    [InlineData("\\sin 10^\\circ \\cdot \\sin 50^\\circ \\cdot \\sin 70^\\circ", "\\frac17", false)]
    [InlineData("\\binom{10}{3}", "120", true)]
    [InlineData("\\binom{10}{3}", "720", false)]
    [InlineData("5!", "120", true)]
    [InlineData("\\lfloor 3.7 \\rfloor", "3", true)]
    [InlineData("\\lceil \\sqrt{10} \\rceil", "4", true)]
    [InlineData("|-3|", "3", true)]
    [InlineData("\\sum_{k=1}^{10} k^2", "385", true)]
    [InlineData("\\sum_{k=1}^{10} k^2", "384", false)]
    [InlineData("\\prod_{k=1}^{5} k", "120", true)]
    [InlineData("\\gcd(12,18)", "6", true)]
    [InlineData("2021 \\cdot 505 \\cdot 337", "343943885", true)]
    [InlineData("2021 \\cdot 505 \\cdot 337", "343943886", false)]
    // Complex.
    [InlineData("3+4i", "4i+3", true)]
    [InlineData("3+4i", "3-4i", false)]
    [InlineData("\\frac{1}{1+i}", "\\frac{1-i}{2}", true)]
    [InlineData("i^2", "-1", true)]
    [InlineData("|3+4i|", "5", true)]
    [InlineData("e^{i\\pi/3}", "\\frac{1}{2}+\\frac{\\sqrt{3}}{2}i", true)]
    [InlineData("i\\sqrt{3}", "\\sqrt{3}i", true)]
    public void Constants_Pair_Verdict(string gold, string prediction, bool equal) => Check(gold, prediction, equal);

    [Theory]
    [InlineData("6r^2-4r-24", "6r^2 -4r -24", true)]
    [InlineData("6r^2-4r-24", "2(3r^2-2r-12)", true)]
    [InlineData("6r^2-4r-24", "6r^2-4r+24", false)]
    [InlineData("(a+5)(b+2)", "ab+2a+5b+10", true)]
    [InlineData("\\frac{x+2}{7}", "\\frac{x}{7}+\\frac{2}{7}", true)]
    [InlineData("\\frac{x^2-1}{x-1}", "x+1", true)]
    [InlineData("\\frac{9a+11}{20}", "\\frac{11+9a}{20}", true)]
    [InlineData("\\frac{9a+8}{20}", "\\frac{11+9a}{20}", false)]
    [InlineData("x^8+x^7+1", "x^8+x^7", false)]
    [InlineData("\\tan^2(y)+1", "\\sec^2(y)", true)]
    [InlineData("\\tan^2(y)+1", "\\csc^2(y)", false)]
    [InlineData("2\\sin x\\cos x", "\\sin 2x", true)]
    [InlineData("\\cos 2x", "1-2\\sin^2 x", true)]
    [InlineData("\\cos 2x", "1-\\sin^2 x", false)]
    [InlineData("30p\\sqrt{p}", "30\\sqrt{p^3}", true)]
    [InlineData("10x\\sqrt{21x}", "10\\sqrt{21x^3}", true)]
    [InlineData("\\sqrt{x^2}", "x", false)]
    [InlineData("\\sqrt{x^2}", "|x|", true)]
    [InlineData("\\sqrt{x^2-1}", "\\sqrt{(x-1)(x+1)}", true)]
    [InlineData("2^{n+1}", "2\\cdot 2^n", true)]
    [InlineData("4^n", "2^{2n}", true)]
    [InlineData("2^{k-n}", "\\frac{2^k}{2^n}", true)]
    [InlineData("2^{k-n}", "2^{k-n+1}", false)]
    [InlineData("(n+1)!", "(n+1)n!", true)]
    [InlineData("\\frac{d !}{2 k(d-k) !}", "\\dfrac{\\dbinom{d}{k} (k - 1)!}{2}", true)]
    [InlineData("\\frac{d !}{2 k(d-k) !}", "\\frac{d !}{k(d-2) !}", false)]
    [InlineData("\\binom{2n}{n}", "\\frac{(2n)!}{(n!)^2}", true)]
    [InlineData("\\lceil n / 2\\rceil+1", "\\left\\lceil \\dfrac{n}{2} \\right\\rceil + 1", true)]
    [InlineData("\\lceil n / 2\\rceil+1", "\\left\\lceil \\dfrac{n}{3} \\right\\rceil + 3", false)]
    [InlineData("mn-\\lfloor m/2\\rfloor", "nm-\\lfloor \\frac{m}{2}\\rfloor", true)]
    [InlineData("\\lfloor\\log_2 n\\rfloor+1", "1+\\left\\lfloor\\log_{2} n\\right\\rfloor", true)]
    [InlineData("\\frac{\\pi r}{h+r}", "\\frac{r\\pi}{r+h}", true)]
    [InlineData("R", "r", false)]
    [InlineData("a_1+a_2", "a_2+a_1", true)]
    [InlineData("a_{1}", "a_1", true)]
    [InlineData("x_1", "x_2", false)]
    [InlineData("2\\cos 15^{\\circ}", "\\frac{\\sqrt6+\\sqrt2}{2}", true)]
    [InlineData("\\frac{1}{3\\sqrt[3]{x}^2}", "\\frac{1}{3x^{2/3}}", true)]
    [InlineData("\\sum_{k=0}^{n-1} F_k F_{n-k-1}", "\\sum_{k=0}^{n-1} F_{n-k-1} F_k", true)]
    [InlineData("\\sum_{k=0}^{n-1} F_k F_{n-k-1}", "\\sum_{k=0}^{n-2} F_k F_{n-k-2}", false)]
    [InlineData("x", "x^2", false)]
    [InlineData("\\ln(x^2)", "2\\ln x", true)]
    [InlineData("e^{x+y}", "e^x e^y", true)]
    [InlineData("\\frac{\\sin x}{\\cos x}", "\\tan x", true)]
    [InlineData("n^2-n-1", "n^2-n+1", false)]
    [InlineData("-(n-1) / 2", "-\\dfrac{n-1}{2}", true)]
    [InlineData("\\frac{2ab}{a^2+b^2}", "\\frac{2}{\\frac{a}{b}+\\frac{b}{a}}", true)]
    [InlineData("(-1)^{n}", "(-1)^{n+2}", true)]
    [InlineData("(-1)^{n}", "(-1)^{n+1}", false)]
    public void Expressions_Pair_Verdict(string gold, string prediction, bool equal) => Check(gold, prediction, equal);

    [Fact]
    public void Compare_Tolerance_OnlyWhenAskedFor()
    {
        Check("3.14159", "3.1416", false);
        Check("3.14159", "3.1416", true, new MathOptions { RelativeTolerance = 1e-4 });
        Check("3.14159", "3.2", false, new MathOptions { RelativeTolerance = 1e-4 });
        Check("100", "100.4", true, new MathOptions { AbsoluteTolerance = 0.5 });
        Check("100", "100.6", false, new MathOptions { AbsoluteTolerance = 0.5 });
        Check("\\frac{1}{3}", "0.33", true, new MathOptions { Decimals = 2 });
        Check("\\frac{1}{3}", "0.34", false, new MathOptions { Decimals = 2 });
        Check("x+1", "x+1.001", false, new MathOptions { RelativeTolerance = 0.1 });
    }

    [Fact]
    public void Problems_OptionsOutOfRange_NamesEach()
    {
        Assert.Empty(MathOptions.Default.Problems());
        Assert.Equal(3, new MathOptions { RelativeTolerance = -1, AbsoluteTolerance = double.NaN, Decimals = 99 }.Problems().Count());
        Assert.Throws<ArgumentException>(() => new MathVerifier(new MathOptions { Decimals = 99 }));
    }
}
