import type { MetadataRoute } from "next";

/** What makes the app installable; opened from the home screen it starts at the balance. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: "Cauris",
    short_name: "Cauris",
    lang: "fr",
    start_url: "/wallet",
    scope: "/",
    display: "standalone",
    background_color: "#faf7f2",
    theme_color: "#26245c",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  };
}
