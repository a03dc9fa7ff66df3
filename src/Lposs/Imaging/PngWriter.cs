using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Lposs.Imaging;

/// <summary>Writes PNGs row by row, with exact palette indices, which a general image library does not
/// promise.</summary>
internal static class PngWriter
{
    /// <summary>Fills one row, without a filter byte.</summary>
    public delegate void FillRow(int y, Span<byte> row);

    /// <summary>Writes a whole PNG.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="header">The header.</param>
    /// <param name="palette">[n, 3] bytes for an indexed image; otherwise empty.</param>
    /// <param name="filterUp">Store each row as its difference from the row above: several times smaller for
    /// photographs,
    /// larger for labels.</param>
    /// <param name="fillRow">Gives the rows, top to bottom.</param>
    public static void Write(
        Stream output,
        PngHeader header,
        ReadOnlySpan<byte> palette,
        bool filterUp,
        FillRow fillRow
    )
    {
        output.Write(PngFormat.Signature);
        Span<byte> ihdr = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(ihdr, header.Width);
        BinaryPrimitives.WriteInt32BigEndian(ihdr[4..], header.Height);
        ihdr[8] = header.BitDepth;
        ihdr[9] = header.ColourType;
        ihdr[10..].Clear(); // deflate, the five row filters, not interlaced
        WriteChunk(output, PngFormat.Ihdr, ihdr);
        if (!palette.IsEmpty)
            WriteChunk(output, PngFormat.Plte, palette);
        using (DataChunks chunks = new(output))
        using (ZLibStream deflate = new(chunks, CompressionLevel.Optimal))
            WriteRows(deflate, header, filterUp, fillRow);
        WriteChunk(output, PngFormat.Iend, []);
    }

    private static void WriteRows(ZLibStream deflate, PngHeader header, bool filterUp, FillRow fillRow)
    {
        byte[] above = new byte[header.RowBytes];
        byte[] row = new byte[header.RowBytes];
        byte[] stored = new byte[1 + header.RowBytes];
        stored[0] = (byte)(filterUp ? 2 : 0);
        for (int y = 0; y < header.Height; y++)
        {
            fillRow(y, row);
            Span<byte> data = stored.AsSpan(1);
            if (filterUp)
                for (int i = 0; i < data.Length; i++)
                    data[i] = (byte)(row[i] - above[i]);
            else
                row.CopyTo(data);
            deflate.Write(stored);
            (above, row) = (row, above);
        }
    }

    private static void WriteChunk(Stream output, uint type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        BinaryPrimitives.WriteUInt32BigEndian(number, type);
        output.Write(number);
        output.Write(data);
        Crc32 crc = new();
        crc.Append(number);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        output.Write(number);
    }

    /// <summary>Cuts a stream into IDAT chunks.</summary>
    private sealed class DataChunks(Stream output) : Stream
    {
        private readonly byte[] _chunk = new byte[1 << 16];
        private int _filled;

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (!buffer.IsEmpty)
            {
                int taken = Math.Min(buffer.Length, _chunk.Length - _filled);
                buffer[..taken].CopyTo(_chunk.AsSpan(_filled));
                _filled += taken;
                buffer = buffer[taken..];
                if (_filled == _chunk.Length)
                    EndChunk();
            }
        }

        // A flush of the compressor is no reason for a small chunk.
        public override void Flush() { }

        protected override void Dispose(bool disposing)
        {
            if (disposing && _filled > 0)
                EndChunk();
            base.Dispose(disposing);
        }

        private void EndChunk()
        {
            WriteChunk(output, PngFormat.Idat, _chunk.AsSpan(0, _filled));
            _filled = 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
