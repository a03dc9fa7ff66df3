using System.Buffers.Binary;
using System.IO.Hashing;

namespace Lposs.Imaging;

/// <summary>
/// Reads the chunks of a PNG one after the other and checks each CRC. As a stream it is the concatenated contents of
/// the
/// IDAT chunks, from the one that has been opened to the last one in a row.
/// </summary>
/// <param name="input">The file, after the signature.</param>
/// <param name="what">The beginning of the messages.</param>
internal sealed class PngChunkReader(Stream input, string what) : Stream
{
    private readonly Crc32 _crc = new();

    /// <summary>Four letters as a number.</summary>
    public uint Type { get; private set; }

    /// <summary>Bytes of the open chunk that have not been read.</summary>
    public int Remaining { get; private set; }

    /// <summary>Opens the next chunk, after the open one has been read to its end.</summary>
    public void NextChunk()
    {
        Span<byte> start = stackalloc byte[8];
        ReadExactly(start);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(start);
        if (length > int.MaxValue)
            throw Damaged("a chunk has an impossible length");
        Remaining = (int)length;
        Type = BinaryPrimitives.ReadUInt32BigEndian(start[4..]);
        _crc.Reset();
        _crc.Append(start[4..]);
    }

    /// <summary>Reads from the open chunk.</summary>
    public void ReadData(Span<byte> data)
    {
        if (data.Length > Remaining)
            throw Damaged("a chunk is too short");
        ReadExactly(data);
        _crc.Append(data);
        Remaining -= data.Length;
    }

    /// <summary>Reads the rest of the open chunk without keeping it, and checks the CRC.</summary>
    public void EndChunk()
    {
        Span<byte> block = stackalloc byte[4096];
        while (Remaining > 0)
            ReadData(block[..Math.Min(block.Length, Remaining)]);
        Span<byte> crc = stackalloc byte[4];
        ReadExactly(crc);
        if (BinaryPrimitives.ReadUInt32BigEndian(crc) != _crc.GetCurrentHashAsUInt32())
            throw Damaged("a checksum does not match");
    }

    public LpossException Damaged(string detail) =>
        new(LpossErrorCode.DamagedImage, $"{what}: its PNG data is damaged ({detail})");

    public LpossException Truncated() =>
        new(LpossErrorCode.TruncatedImage, $"{what}: the file ends early (truncated PNG)");

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (Type == PngFormat.Idat && Remaining == 0)
        {
            EndChunk();
            NextChunk();
        }
        if (Type != PngFormat.Idat)
            return 0;
        int count = Math.Min(buffer.Length, Remaining);
        ReadData(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private new void ReadExactly(Span<byte> data)
    {
        if (input.ReadAtLeast(data, data.Length, throwOnEndOfStream: false) < data.Length)
            throw Truncated();
    }
}
