using System.Buffers.Binary;

namespace Meed.Rewards.Code;

/// <summary>Frames of four bytes of length, big-endian, and as many bytes of UTF-8 JSON, to and from a worker.</summary>
internal static class FrameChannel
{
    public static void Write(Stream to, ReadOnlySpan<byte> frame)
    {
        // One write a frame: a worker must never see half of one for long.
        var whole = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(whole, frame.Length);
        frame.CopyTo(whole.AsSpan(4));
        to.Write(whole);
        to.Flush();
    }

    /// <summary>The next frame; null at the end of the stream or in the middle of a frame. <paramref name="tooLong"/> when its length is out of range.</summary>
    public static byte[]? Read(Stream from, int longest, out bool tooLong)
    {
        tooLong = false;
        var head = new byte[4];
        if (from.ReadAtLeast(head, 4, throwOnEndOfStream: false) < 4)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(head);
        if (length < 0 || length > longest)
        {
            tooLong = true;
            return null;
        }

        var frame = new byte[length];
        return from.ReadAtLeast(frame, length, throwOnEndOfStream: false) < length ? null : frame;
    }
}
