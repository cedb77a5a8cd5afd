using Meed.Recipes.Reproductions;

namespace Meed.Recipes.Tests.Reproductions;

internal static class Repository
{
    /// <summary>The checkout that the tests run in.</summary>
    public static string Root { get; } = CodeHash.Checkout(AppContext.BaseDirectory) ?? throw new DirectoryNotFoundException("Tests run inside a checkout.");
}
