using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Meed.Mutate;

/// <summary>One place where the code can be changed: an expression and what stands there instead.</summary>
internal sealed record Site(string File, int Line, string Kind, ExpressionSyntax Original, ExpressionSyntax Mutant)
{
    private const int Longest = 160;

    /// <summary>The change in words.</summary>
    public string Change => $"{OneLine(Original)} -> {OneLine(Mutant)}";

    /// <summary>The widest code around the change that fits a line, so that a reason given for one place cannot hide another.</summary>
    public string Around
    {
        get
        {
            SyntaxNode widest = Original;
            foreach (var node in Original.Ancestors().TakeWhile(n => n is not (BlockSyntax or BaseTypeDeclarationSyntax)))
            {
                if (OneLine(node).Length > Longest)
                {
                    break;
                }

                widest = node;
            }

            return OneLine(widest);
        }
    }

    /// <summary>Names the mutant in the list of reasons: file, change, code around it and, where these are the same twice in a file, its place among them.</summary>
    public string Key => $"{File}: {Change} in {Around}{(Same == 0 ? "" : $" #{Same + 1}")}";

    /// <summary>How many sites before this one in the file have the same change and the same code around them.</summary>
    public int Same { get; init; }

    /// <summary>The place in the random order of a seed. It depends on the site alone, so that a change elsewhere leaves a sample as it was.</summary>
    public ulong Rank(int seed) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {Key}")));

    private static string OneLine(SyntaxNode node) => string.Join(' ', node.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>Finds the places to mutate in a syntax tree: signs, constants, comparisons, arithmetic and masks.</summary>
internal static class SiteFinder
{
    public static IEnumerable<Site> Find(SyntaxTree tree, SemanticModel model, string file)
    {
        var seen = new Dictionary<string, int>();
        foreach (var node in tree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>())
        {
            if (!CanBeConditional(node) || DeclaresVariable(node))
            {
                continue;
            }

            var (kind, mutant) = Mutate(node, model);
            if (mutant is not null)
            {
                var site = new Site(file, tree.GetLineSpan(node.Span).StartLinePosition.Line + 1, kind, node, mutant);
                int same = seen.GetValueOrDefault(site.Key);
                seen[site.Key] = same + 1;
                yield return site with { Same = same };
            }
        }
    }

    private static (string Kind, ExpressionSyntax? Mutant) Mutate(ExpressionSyntax node, SemanticModel model)
    {
        switch (node)
        {
            case BinaryExpressionSyntax binary:
                var (kind, other) = Opposite(binary.Kind());
                if (other == SyntaxKind.None || (kind == "arithmetic" && !IsArithmetic(binary, model)))
                {
                    return default;
                }

                return (kind, SyntaxFactory.BinaryExpression(other, binary.Left, binary.Right).NormalizeWhitespace());
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus:
                return ("sign", SyntaxFactory.ParenthesizedExpression(minus.Operand));
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not:
                return ("mask", SyntaxFactory.ParenthesizedExpression(not.Operand));
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NumericLiteralExpression } literal:
                return ("constant", Shift(literal));
            default:
                return default;
        }
    }

    private static (string Kind, SyntaxKind Other) Opposite(SyntaxKind kind) => kind switch
    {
        SyntaxKind.AddExpression => ("arithmetic", SyntaxKind.SubtractExpression),
        SyntaxKind.SubtractExpression => ("arithmetic", SyntaxKind.AddExpression),
        SyntaxKind.MultiplyExpression => ("arithmetic", SyntaxKind.DivideExpression),
        SyntaxKind.DivideExpression => ("arithmetic", SyntaxKind.MultiplyExpression),
        SyntaxKind.LessThanExpression => ("comparison", SyntaxKind.LessThanOrEqualExpression),
        SyntaxKind.LessThanOrEqualExpression => ("comparison", SyntaxKind.LessThanExpression),
        SyntaxKind.GreaterThanExpression => ("comparison", SyntaxKind.GreaterThanOrEqualExpression),
        SyntaxKind.GreaterThanOrEqualExpression => ("comparison", SyntaxKind.GreaterThanExpression),
        SyntaxKind.EqualsExpression => ("comparison", SyntaxKind.NotEqualsExpression),
        SyntaxKind.NotEqualsExpression => ("comparison", SyntaxKind.EqualsExpression),
        SyntaxKind.LogicalAndExpression => ("mask", SyntaxKind.LogicalOrExpression),
        SyntaxKind.LogicalOrExpression => ("mask", SyntaxKind.LogicalAndExpression),
        _ => ("", SyntaxKind.None),
    };

    private static bool IsArithmetic(BinaryExpressionSyntax binary, SemanticModel model)
    {
        var type = model.GetTypeInfo(binary).Type;
        return type is not null && type.SpecialType != SpecialType.System_String && model.GetConstantValue(binary) is { HasValue: false };
    }

    private static ExpressionSyntax? Shift(LiteralExpressionSyntax literal)
    {
        string text = literal.Token.Text;
        return literal.Token.Value switch
        {
            int or long or uint or ulong when !text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) => SyntaxFactory.ParseExpression($"({text} + 1)"),
            float value => SyntaxFactory.ParseExpression(value is 0 or 1 ? $"({text} + 1f)" : $"({text} * 1.5f)"),
            double value => SyntaxFactory.ParseExpression(value is 0 or 1 ? $"({text} + 1.0)" : $"({text} * 1.5)"),
            _ => null,
        };
    }

    /// <summary>A variable that the expression declares or assigns would have two declarations, or none, in a choice.</summary>
    private static bool DeclaresVariable(ExpressionSyntax node) =>
        node is not LiteralExpressionSyntax && node.DescendantNodes().Any(n => n is SingleVariableDesignationSyntax or ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.OutKeyword });

    /// <summary>Constant contexts, name-of and patterns cannot hold a run-time choice.</summary>
    private static bool CanBeConditional(ExpressionSyntax node)
    {
        foreach (var ancestor in node.AncestorsAndSelf())
        {
            switch (ancestor)
            {
                case AttributeSyntax or EnumMemberDeclarationSyntax or PatternSyntax or CaseSwitchLabelSyntax or ParameterSyntax or InterpolationSyntax or ThrowStatementSyntax or ThrowExpressionSyntax:
                case InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } }:
                case FieldDeclarationSyntax field when field.Modifiers.Any(SyntaxKind.ConstKeyword):
                case LocalDeclarationStatementSyntax local when local.Modifiers.Any(SyntaxKind.ConstKeyword):
                    return false;
                case MemberDeclarationSyntax:
                    return true;
                default:
                    continue;
            }
        }

        return true;
    }
}
