(** * Means over boxes bound integrals, in one dimension

    Means.v bounds sums over the boxes of a grid for every choice of one point in each box. Here is proved, for d = 1
    and functions that have a Riemann integral, that this bounds the integral: in each box there is a point where the
    function is at least its mean over the box less epsilon. (In more dimensions the same is true of upper and lower
    Darboux integrals; this is not formalized.) *)

From Coq Require Import Reals QArith Qreals ZArith List Lia Lra Classical.
From Flocq Require Import Core.Raux.
From Coquelicot Require Import Coquelicot.
From Approxcert Require Import Sums GridBoxes Means.
Import ListNotations.
Local Open Scope R_scope.

(** g(t) where t + s lies in [0,1], and 0 elsewhere. *)
Definition where_moved_stays (s : Q) (g : list R -> R) (t : R) : R :=
  if Rle_dec 0 (t + Q2R s) then if Rle_dec (t + Q2R s) 1 then g [t] else 0 else 0.

Lemma large_somewhere : forall h a b e, a < b -> 0 < e -> ex_RInt h a b ->
  exists t, a <= t < b /\ RInt h a b <= (h t + e) * (b - a).
Proof.
  intros h a b e Hab He Hh. apply NNPP. intros H.
  assert (L : forall t, a < t < b -> h t <= RInt h a b / (b - a) - e).
  { intros t Ht. apply Rnot_lt_le. intros Hl. apply H. exists t. split; [lra|].
    apply Rmult_lt_compat_r with (r := b - a) in Hl; [|lra].
    rewrite Rmult_minus_distr_r in Hl. unfold Rdiv in Hl. rewrite Rmult_assoc, Rinv_l in Hl by lra. lra. }
  pose proof (RInt_le h (fun _ => RInt h a b / (b - a) - e) a b (Rlt_le _ _ Hab) Hh (ex_RInt_const _ _ _) L) as B.
  assert (C : forall c : R, RInt (fun _ => c) a b = (b - a) * c) by (intros; rewrite RInt_const; reflexivity).
  rewrite C in B.
  replace ((b - a) * (RInt h a b / (b - a) - e)) with (RInt h a b - (b - a) * e) in B by (field; lra).
  pose proof (Rmult_lt_0_compat (b - a) e ltac:(lra) He). lra.
Qed.

(** Points in the first j of n intervals whose values add up to almost the integral. *)
Lemma large_points : forall h n e, (0 < n)%nat -> 0 < e -> ex_RInt h 0 1 -> forall j, (j <= n)%nat ->
  exists pts : nat -> R,
    (forall k, (k < j)%nat -> INR k / INR n <= pts k < (INR k + 1) / INR n) /\
    RInt h 0 (INR j / INR n) <= (sum j (fun k => h (pts k)) + INR j * e) / INR n.
Proof.
  intros h n e Hn He Hh. assert (HN : 0 < INR n) by (apply lt_0_INR; assumption).
  assert (HI : forall i, (i <= n)%nat -> 0 <= INR i / INR n <= 1).
  { intros i Hi. apply le_INR in Hi. pose proof (pos_INR i). split.
    - apply Rle_mult_inv_pos; assumption.
    - apply Rmult_le_reg_r with (INR n); [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra. }
  induction j as [|j IH]; intros Hj.
  - exists (fun _ => 0). split; [intros; lia|]. cbn [sum INR]. unfold Rdiv at 1. rewrite Rmult_0_l, RInt_point.
    change (0 <= (0 + 0 * e) / INR n). right. field. lra.
  - destruct (IH ltac:(lia)) as (pts & Hp & HB). set (a := INR j / INR n) in *. set (b := INR (S j) / INR n).
    assert (Eb : b = (INR j + 1) / INR n) by (unfold b; rewrite S_INR; reflexivity).
    assert (Hd : b - a = / INR n) by (rewrite Eb; unfold a; field; lra).
    assert (Hab : a < b) by (pose proof (Rinv_0_lt_compat _ HN); lra).
    pose proof (HI j ltac:(lia)) as Ha. pose proof (HI (S j) Hj) as Hb. fold a in Ha. fold b in Hb.
    assert (Ha0 : ex_RInt h 0 a) by (apply ex_RInt_Chasles_1 with 1; [lra|assumption]).
    assert (Hab' : ex_RInt h a b).
    { apply ex_RInt_Chasles_2 with 0; [lra|]. apply ex_RInt_Chasles_1 with 1; [lra|assumption]. }
    destruct (large_somewhere h a b e Hab He Hab') as (t & Ht & HT).
    exists (fun k => if Nat.eqb k j then t else pts k). split.
    + intros k Hk. destruct (Nat.eqb_spec k j) as [->|Hne]; [rewrite <- Eb; exact Ht|]. apply Hp. lia.
    + assert (C : RInt h 0 b = RInt h 0 a + RInt h a b) by (symmetry; exact (RInt_Chasles h 0 a b Ha0 Hab')).
      rewrite C. cbn [sum]. rewrite Nat.eqb_refl.
      rewrite (sum_ext j _ (fun k => h (pts k))).
      2:{ intros i Hi. destruct (Nat.eqb_spec i j); [lia|reflexivity]. }
      rewrite Hd in HT. eapply Rle_trans; [apply Rplus_le_compat; [exact HB|exact HT]|].
      rewrite S_INR. right. field. lra.
Qed.

(** The boxes of the grid with M boxes, d = 1. *)
Lemma points_chosen : forall M pts, (0 < M)%Z ->
  (forall k, (k < Z.to_nat M)%nat -> INR k / INR (Z.to_nat M) <= pts k < (INR k + 1) / INR (Z.to_nat M)) ->
  chosen 1 M (fun ks => [pts (Z.to_nat (hd 0%Z ks))]).
Proof.
  intros M pts HM Hp ks [Hl Hg]. destruct ks as [|k [|]]; try discriminate. inversion Hg as [|? ? Hk _]; subst.
  specialize (Hp (Z.to_nat k) ltac:(lia)). cbn [hd]. set (t := pts (Z.to_nat k)) in *.
  rewrite !INR_IZR_INZ, !Z2Nat.id in Hp by lia. assert (HR : 0 < IZR M) by (apply IZR_lt; assumption).
  assert (K0 : 0 <= IZR k) by (apply IZR_le; lia).
  assert (K1 : IZR k + 1 <= IZR M) by (rewrite <- plus_IZR; apply IZR_le; lia).
  assert (F : IZR k <= IZR M * t < IZR k + 1).
  { destruct Hp as [P0 P1]. split; [apply Rmult_le_reg_r with (/ IZR M)|apply Rmult_lt_reg_r with (/ IZR M)];
      try (apply Rinv_0_lt_compat; assumption);
      replace (IZR M * t * / IZR M) with t by (field; lra); unfold Rdiv in *; lra. }
  assert (T : 0 <= t < 1) by nra. split.
  - split; [reflexivity|]. intros [|i] Hi; [cbn; lra|lia].
  - unfold box_of, interval_of. cbn [map]. f_equal. rewrite (Zfloor_imp 0 t) by (simpl; lra).
    rewrite (Zfloor_imp k) by (rewrite plus_IZR; assumption). lia.
Qed.

(** Points in all boxes whose mean is almost the integral. *)
Lemma almost_integral : forall h M e, (0 < M)%Z -> 0 < e -> ex_RInt h 0 1 -> exists xi, chosen 1 M xi /\
  RInt h 0 1 <= box_sum 1 M (fun ks => h (coord 0 (xi ks))) / IZR M ^ 1 + e.
Proof.
  intros h M e HM He Hh. assert (Hn : (0 < Z.to_nat M)%nat) by lia.
  destruct (large_points h (Z.to_nat M) e Hn He Hh (Z.to_nat M) (le_n _)) as (pts & Hp & HB).
  exists (fun ks => [pts (Z.to_nat (hd 0%Z ks))]). split; [apply points_chosen; assumption|].
  pose proof (lt_0_INR _ Hn) as HN. unfold Rdiv at 1 in HB. rewrite Rinv_r in HB by lra.
  cbn [box_sum hd]. rewrite (sum_ext _ _ (fun k => h (pts k))) by (intros; rewrite Nat2Z.id; reflexivity).
  eapply Rle_trans; [exact HB|]. rewrite pow_1, INR_IZR_INZ, Z2Nat.id by lia.
  assert (0 < IZR M) by (apply IZR_lt; assumption). right. field. lra.
Qed.

(** In one dimension [mean_at_most] bounds the Riemann integral over [0,1], of any function that has one. *)
Theorem mean_bounds_integral : forall g E, ex_RInt (fun t => g [t]) 0 1 -> mean_at_most 1 g E ->
  RInt (fun t => g [t]) 0 1 <= E.
Proof.
  intros g E Hg (M & HM & H). apply le_epsilon. intros e He.
  destruct (almost_integral _ M e HM He Hg) as (xi & Hxi & HB). eapply Rle_trans; [exact HB|].
  apply Rplus_le_compat_r. rewrite (box_sum_ext _ _ _ (fun ks => g (xi ks))); [apply H; assumption|].
  intros ks Hks. destruct (Hxi ks Hks) as [[Hl _] _]. destruct (xi ks) as [|t [|]]; try discriminate. reflexivity.
Qed.

(** In one dimension [moved_mean_at_least] bounds from below the Riemann integral of g >= 0 over the t in [0,1] with
    t + s in [0,1], if there is one. *)
Theorem moved_mean_bounds_integral : forall s g m, (forall x, 0 <= g x) ->
  ex_RInt (where_moved_stays s g) 0 1 -> moved_mean_at_least 1 [s] g m -> m <= RInt (where_moved_stays s g) 0 1.
Proof.
  intros s g m Hpos Hg (M & inner & HM & Hin & H). apply le_epsilon. intros e He.
  assert (Hg' : ex_RInt (fun t => - where_moved_stays s g t) 0 1) by (apply (ex_RInt_opp (where_moved_stays s g)); assumption).
  destruct (almost_integral _ M e HM He Hg') as (xi & Hxi & HB). specialize (H xi Hxi).
  assert (EI : RInt (fun t => - where_moved_stays s g t) 0 1 = - RInt (where_moved_stays s g) 0 1).
  { exact (RInt_opp (where_moved_stays s g) 0 1 Hg). }
  rewrite EI in HB. cbn [box_sum] in H, HB. assert (HR : 0 < IZR M) by (apply IZR_lt; assumption).
  set (n := Z.to_nat M) in *.
  rewrite (sum_ext n _ (fun k => (-1) * where_moved_stays s g (coord 0 (xi [Z.of_nat k])))), sum_scale in HB by (intros; lra).
  assert (L : sum n (fun k => if inner [Z.of_nat k] then g (xi [Z.of_nat k]) else 0) <=
              sum n (fun k => where_moved_stays s g (coord 0 (xi [Z.of_nat k])))).
  { apply sum_le. intros k Hk. assert (Hks : on_grid 1 M [Z.of_nat k]).
    { split; [reflexivity|]. constructor; [|constructor]. unfold n in Hk. lia. }
    destruct (Hxi _ Hks) as [Hx Hb]. unfold where_moved_stays. destruct (inner [Z.of_nat k]) eqn:Ei.
    - rewrite <- Hb in Ei. destruct (Hin _ Hx Ei) as [_ Hc]. specialize (Hc 0%nat ltac:(lia)).
      destruct Hx as [Hl _]. unfold moved in Hc. rewrite coord_vec in Hc by lia. cbn [nth] in Hc.
      destruct (xi [Z.of_nat k]) as [|t [|]]; try discriminate. cbn [coord nth] in Hc |- *.
      unfold coord in Hc |- *; cbn [nth] in Hc |- *.
      destruct (Rle_dec 0 (t + Q2R s)); [|lra]. destruct (Rle_dec (t + Q2R s) 1); [apply Rle_refl|lra].
    - destruct (Rle_dec _ _); [destruct (Rle_dec _ _)|]; try lra. apply Hpos. }
  apply Rmult_le_compat_r with (r := / IZR M ^ 1) in L; [|left; apply Rinv_0_lt_compat, pow_lt; assumption].
  unfold Rdiv in *. lra.
Qed.
