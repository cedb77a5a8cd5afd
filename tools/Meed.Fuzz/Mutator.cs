using System.Text;

namespace Meed.Fuzz;

/// <summary>Changes seed inputs: flips, inserts, deletes, repeats and swaps bytes, splices two seeds, and drops in tokens that parsers care about.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] s_tokens = [.. new[]
    {
        "{", "}", "[", "]", "(", ")", "\"", "\\", ",", ":", "null", "true", "-", "1e999", "-0", "99999999999999999999", "0x", "NaN", "\u0000", "\ud83d\ude00", "\\ud800", "- ", "&a ", "*a", "!!",
        "\\frac{", "\\sqrt[", "\\boxed{", "^", "_", "!", "9^9^9^9", "\\begin{pmatrix}", "\\left(", "<think>", "</answer>", "####", "%", "..", "1/0", "\r\n", "\t", "é", "\u2028",
    }.Select(Encoding.UTF8.GetBytes)];

    private readonly Random _random = new(seed);

    public byte[] Next(IReadOnlyList<byte[]> seeds)
    {
        var bytes = new List<byte>(seeds[_random.Next(seeds.Count)]);
        for (int n = _random.Next(1, 9); n > 0; n--)
        {
            int at = _random.Next(bytes.Count + 1);
            switch (_random.Next(8))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1:
                    bytes.Insert(at, (byte)_random.Next(256));
                    break;
                case 2 when at < bytes.Count:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, _random.Next(1, 17)));
                    break;
                case 3:
                    bytes.InsertRange(at, s_tokens[_random.Next(s_tokens.Length)]);
                    break;
                case 4 when at < bytes.Count:
                    var part = bytes.GetRange(at, Math.Min(bytes.Count - at, _random.Next(1, 33)));
                    for (int r = _random.Next(4) == 0 ? _random.Next(1, 200) : 1; r > 0; r--)
                    {
                        bytes.InsertRange(at, part);
                    }

                    break;
                case 5:
                    byte[] other = seeds[_random.Next(seeds.Count)];
                    bytes.InsertRange(at, other.AsSpan(_random.Next(other.Length + 1)));
                    break;
                case 6:
                    byte[] token = s_tokens[_random.Next(s_tokens.Length)];
                    for (int r = _random.Next(1, 400); r > 0; r--)
                    {
                        bytes.InsertRange(at, token);
                    }

                    break;
                default:
                    if (bytes.Count > 1)
                    {
                        int b = _random.Next(bytes.Count), a = _random.Next(bytes.Count);
                        (bytes[a], bytes[b]) = (bytes[b], bytes[a]);
                    }

                    break;
            }
        }

        return [.. bytes];
    }
}
