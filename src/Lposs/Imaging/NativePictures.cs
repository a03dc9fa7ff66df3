using System.Runtime.InteropServices;

namespace Lposs.Imaging;

/// <summary>The import table of liblposs_imaging.so; its header says what the functions do.</summary>
internal static partial class NativePictures
{
    private const string Library = "lposs_imaging";

    [LibraryImport(Library, EntryPoint = "lposs_picture_open_descriptor")]
    public static partial PictureStatus OpenDescriptor(
        SafeHandle descriptor, PictureFormat format, out PictureHandle picture, out PictureInfo info,
        Span<byte> text, nuint textSize);

    [LibraryImport(Library, EntryPoint = "lposs_picture_open_memory")]
    public static partial PictureStatus OpenMemory(
        ReadOnlySpan<byte> bytes, nuint size, PictureFormat format, out PictureHandle picture, out PictureInfo info,
        Span<byte> text, nuint textSize);

    [LibraryImport(Library, EntryPoint = "lposs_picture_decode")]
    public static partial PictureStatus Decode(
        PictureHandle picture, Span<byte> pixels, nuint size, Span<byte> text, nuint textSize);

    [LibraryImport(Library, EntryPoint = "lposs_picture_close")]
    public static partial void Close(nint picture);

    [LibraryImport(Library, EntryPoint = "lposs_imaging_vips_version")]
    public static partial nint VipsVersion();
}

/// <summary>lposs_picture_status.</summary>
internal enum PictureStatus
{
    Ok = 0,
    NoLibrary = 1,
    BadCall = 2,
    BadHeader = 3,
    BadPixels = 4,
}

/// <summary>lposs_picture_colour.</summary>
internal enum PictureColour
{
    Gray = 0,
    Rgb = 1,
    Cmyk = 2,
    Other = 3,
}

/// <summary>lposs_picture_sample.</summary>
internal enum PictureSample
{
    Unsigned = 0,
    Signed = 1,
    Float = 2,
    Complex = 3,
}

/// <summary>lposs_picture_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PictureInfo
{
    public int Width;
    public int Height;
    public int Channels;
    public int Bits;
    public PictureColour Colour;
    public PictureSample Sample;
    public int Orientation;
    public int Pages;
}

/// <summary>Owns an lposs_picture.</summary>
internal sealed class PictureHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativePictures.Close(handle);
        return true;
    }
}
