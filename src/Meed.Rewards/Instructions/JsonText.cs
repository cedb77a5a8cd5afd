using System.Text.Json;

namespace Meed.Rewards.Instructions;

/// <summary>Strings out of JSON that may hold escaped lone surrogates, which the framework refuses to hand out.</summary>
internal static class JsonText
{
    public static string Read(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new InstructionException("an argument holds a text that is not valid Unicode");
        }
    }
}
