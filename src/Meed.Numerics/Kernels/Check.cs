using System.Runtime.CompilerServices;

namespace Meed.Numerics.Kernels;

/// <summary>Argument checks of the kernels: one sentence with the values.</summary>
internal static class Check
{
    /// <summary>A span that must have exactly so many elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Length(int actual, int expected, string name, [CallerMemberName] string where = "")
    {
        if (actual != expected)
        {
            ThrowLength(actual, expected, name, where);
        }
    }

    /// <summary>A span that must have at least so many elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AtLeast(long actual, long needed, string name, [CallerMemberName] string where = "")
    {
        if (actual < needed)
        {
            ThrowShort(actual, needed, name, where);
        }
    }

    /// <summary>A size that must not be negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NotNegative(int value, string name, [CallerMemberName] string where = "")
    {
        if (value < 0)
        {
            throw new ArgumentException($"{where}: {name} is {value}; it must not be negative.");
        }
    }

    /// <summary>A size that must be at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Positive(int value, string name, [CallerMemberName] string where = "")
    {
        if (value < 1)
        {
            throw new ArgumentException($"{where}: {name} is {value}; it must be 1 or more.");
        }
    }

    private static void ThrowLength(int actual, int expected, string name, string where) =>
        throw new ArgumentException($"{where}: {name} has {actual} elements, {expected} are needed.");

    private static void ThrowShort(long actual, long needed, string name, string where) =>
        throw new ArgumentException($"{where}: {name} has {actual} elements, at least {needed} are needed.");
}
