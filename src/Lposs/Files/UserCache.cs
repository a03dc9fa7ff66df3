namespace Lposs.Files;

/// <summary>Where a user's programs keep what they can make or fetch again.</summary>
internal static class UserCache
{
    /// <summary>$XDG_CACHE_HOME/lposs, or ~/.cache/lposs where that is not set or not a full path.</summary>
    public static string Folder
    {
        get
        {
            string? caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (caches is null || !Path.IsPathFullyQualified(caches))
                caches = Path.Combine(
                    Environment.GetFolderPath(
                        Environment.SpecialFolder.UserProfile,
                        Environment.SpecialFolderOption.DoNotVerify
                    ),
                    ".cache"
                );
            return Path.Combine(caches, "lposs");
        }
    }
}
