using Lposs.Imaging;

namespace Lposs.Segmentation;

/// <summary>A picture as the encoders see it, before they do. Its input goes over to what it is encoded to.</summary>
/// <param name="Picture">At its own size.</param>
/// <param name="Input">At the encoders' size.</param>
/// <param name="Windows">Where they look, in pixels of <paramref name="Input"/>; one or more, all of one size.</param>
/// <param name="PatchSize">Side of a patch of the grid that both features will have, in pixels of <paramref name="Input"/>.</param>
/// <param name="Patches">N, in all windows together.</param>
/// <param name="Milliseconds">What the resizing took.</param>
internal sealed record PreparedPicture(RgbImage Picture, InputPicture Input, Window[] Windows, int PatchSize, int Patches, double Milliseconds);
