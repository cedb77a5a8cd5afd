using System.Security.Cryptography;
using System.Text;

namespace Meed.RewardModels.Networks;

/// <summary>Hashes that a reward model is locked to.</summary>
internal static class Locks
{
    public static string Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    public static string Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return "sha256:" + Convert.ToHexStringLower(hash);
    }
}
