(** * Erosion: a sweep lets no difference between neighbouring nodes grow

    A complete sweep at the mesh of the triangulation on which the residual is linear leaves the differences between
    neighbouring nodes at most K h if they were so before: in every dimension. On finer grids neighbours are nearer,
    and for d <= 2 the bound K h holds there, too, with the finer h. For d = 3 it does not (ThreeDimensions.v), which is
    why MultigradeRate.v states the rate for all sweeps together for d <= 2.
    Source: docs/multigrade.md, "The rate" (arXiv 2601.16884 has no rate). *)

From Coq Require Import Reals ZArith List Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork Erosion ErosionRate ErosionSteps
  HatRefinement.
Import ListNotations.
Local Open Scope R_scope.

(** The nodes [k] and [l] are neighbours: they differ by 0 or 1 in every coordinate, all in one direction. *)
Definition neighbours (d : nat) (k l : list Z) : Prop :=
  gauge d (fun i => IZR (nth i l 0%Z) - IZR (nth i k 0%Z)) <= 1.

(** Values at neighbouring nodes of mesh 1/m differ by at most K/m. *)
Definition edge_slope (d m : nat) (K : R) (r : list R -> R) : Prop :=
  forall k l, In k (nodes d m) -> In l (nodes d m) -> neighbours d k l ->
  Rabs (r (point m l) - r (point m k)) <= K / INR m.

Lemma neighbours_sym : forall d k l, neighbours d k l -> neighbours d l k.
Proof.
  intros d k l H. unfold neighbours in *. rewrite <- gauge_opp.
  rewrite (gauge_ext d _ (fun i => IZR (nth i l 0%Z) - IZR (nth i k 0%Z))) by (intros; ring). exact H.
Qed.

Lemma lipschitz_edge : forall d m K r, (1 <= m)%nat -> 0 <= K -> lipschitz d K r -> edge_slope d m K r.
Proof.
  intros d m K r Hm HK0 HK k l Hk Hl Hn. assert (HM : 0 < INR m) by (apply lt_0_INR; lia).
  eapply Rle_trans; [apply HK; apply node_in_cube; assumption|].
  unfold Rdiv. apply Rmult_le_compat_l; [assumption|].
  apply Rmult_le_reg_l with (INR m); [assumption|]. rewrite Rinv_r by lra.
  eapply Rle_trans; [|exact Hn]. right. unfold distance.
  destruct (gauge_norm d (fun i => coord i (point m l) - coord i (point m k)) (fun _ => 0) (INR m)) as (_ & _ & E &
    _); [lra|].
  rewrite <- E. apply gauge_ext. intros i _. rewrite !coord_point. field; lra.
Qed.

(** ** One sweep *)

Lemma at_support : forall d m r k l c, (1 <= m)%nat -> linear d m r -> In k (nodes d m) -> In l (nodes d m) ->
  neighbours d k l -> safe d m r k c -> 0 <= c * r (point m l) /\ Rabs c <= Rabs (r (point m l)).
Proof.
  intros d m r k l c Hm Hr Hk Hl Hn Hs.
  pose proof (safe_at_support d m 1 r k c l Hm (le_n 1)) as H. rewrite Nat.mul_1_l in H.
  apply H; [assumption|assumption|assumption|]. apply support_spec. rewrite Nat.mul_1_l. split; [assumption|].
  unfold offset_of. simpl INR. rewrite (gauge_ext d _ (fun i => IZR (nth i l 0%Z) - IZR (nth i k 0%Z))) by (intros;
    ring). exact Hn.
Qed.

(** After a complete sweep the residual is at most K/m at the nodes. *)
Lemma edge_rate : forall d m K r gs k, complete_sweep d m r gs -> linear d m r -> edge_slope d m K r -> 0 <= K ->
  In k (nodes d m) -> Rabs (left_over d r gs (point m k)) <= K / INR m.
Proof.
  intros d m K r gs k [Hs Hc] Hr HK HK0 Hk. assert (Hm := proj1 Hs). assert (Hck := node_in_cube d m k Hm Hk).
  rewrite (proj1 (sweep_exact d m r gs _ Hs Hck)), (amount_by_nodes d m r gs _ Hs).
  assert (E : total (nodes d m) (fun l => hat d m l (point m k) * step_at gs l) = step_at gs k).
  { rewrite (total_single _ _ k); [|apply nodes_once|assumption|].
    - destruct (hat_values d m k Hm (proj1 (proj1 (nodes_spec d m k) Hk))) as (_ & -> & _). ring.
    - intros l Hl Hne. destruct (hat_values d m l Hm (proj1 (proj1 (nodes_spec d m l) Hl))) as (_ & _ & E & _).
      rewrite E by (congruence || (apply (nodes_spec d m k); assumption)). ring. }
  rewrite E. clear E. set (b := K / INR m).
  destruct (Rle_lt_dec (Rabs (r (point m k))) (step_at gs k + b)) as [|Hbig]; [lra|exfalso].
  assert (H0 : 0 <= step_at gs k).
  { apply total_nonneg. intros g _. destruct list_eq_dec; [apply Rabs_pos|lra]. }
  assert (Hb : 0 <= b) by (apply Rmult_le_pos; [assumption|]; left; apply Rinv_0_lt_compat, lt_0_INR; lia).
  set (c := Rabs (r (point m k)) - b).
  assert (Near : forall l, In l (support d m 1 k) -> Rabs (r (point m l) - r (point m k)) <= b).
  { intros l Hl. apply support_spec in Hl. rewrite Nat.mul_1_l in Hl. destruct Hl as [Hl Hn]. apply HK; try assumption.
    unfold neighbours. unfold offset_of in Hn. simpl INR in Hn.
    rewrite (gauge_ext d _ (fun i => IZR (nth i l 0%Z) - 1 * IZR (nth i k 0%Z))) by (intros; ring). exact Hn. }
  assert (In_support : forall y, cube d y -> 0 < hat d m k y -> low d m 1 r k <= r y <= high d m 1 r k).
  { intros y Hy Hh. apply (inside_support d m 1 r k y Hm (le_n 1)); [rewrite Nat.mul_1_l|..]; assumption. }
  destruct (Rle_dec 0 (r (point m k))) as [Hp|Hn].
  - assert (Ec : c = r (point m k) - b) by (unfold c; rewrite Rabs_right; lra).
    rewrite (Rabs_right (r (point m k))) in Hbig by lra. clearbody c.
    assert (L : c <= low d m 1 r k).
    { apply (fold_min _ (fun l => r (point (1 * m) l))); [lra|]. rewrite Nat.mul_1_l. intros l Hl.
      specialize (Near l Hl). revert Near. unfold Rabs; repeat destruct Rcase_abs; lra. }
    assert (S : safe d m r k c).
    { intros y Hy Hh. specialize (In_support y Hy Hh). rewrite !Rabs_right by lra. split; [apply Rmult_le_pos|]; lra. }
    specialize (Hc k c Hk S). rewrite Rabs_right in Hc by lra. lra.
  - assert (Ec : c = - r (point m k) - b) by (unfold c; rewrite Rabs_left; lra).
    rewrite (Rabs_left (r (point m k))) in Hbig by lra. clearbody c.
    assert (L : high d m 1 r k <= - c).
    { apply (fold_max _ (fun l => r (point (1 * m) l))); [lra|]. rewrite Nat.mul_1_l. intros l Hl.
      specialize (Near l Hl). revert Near. unfold Rabs; repeat destruct Rcase_abs; lra. }
    assert (S : safe d m r k (- c)).
    { intros y Hy Hh. specialize (In_support y Hy Hh). rewrite !Rabs_left by lra. split; [nra|lra]. }
    specialize (Hc k (- c) Hk S). rewrite Rabs_left in Hc by lra. lra.
Qed.

(** For every d and every mesh 1/m: if the residual is linear on the Kuhn triangulation of mesh 1/m and its values at
    neighbouring nodes differ by at most K/m, then after a complete sweep at this mesh they still do, and the
    residual is at most K/m on the whole cube. *)
Theorem edge_slopes_do_not_grow : forall d m K r gs, complete_sweep d m r gs -> linear d m r -> 0 <= K ->
  edge_slope d m K r ->
  edge_slope d m K (left_over d r gs) /\ forall x, cube d x -> Rabs (left_over d r gs x) <= K / INR m.
Proof.
  intros d m K r gs Hc Hr HK0 HK. assert (Hm := proj1 (proj1 Hc)). split.
  - intros k l Hk Hl Hn.
    pose proof (edge_rate d m K r gs k Hc Hr HK HK0 Hk) as Rk.
    pose proof (edge_rate d m K r gs l Hc Hr HK HK0 Hl) as Rl.
    destruct (sweep_exact d m r gs _ (proj1 Hc) (node_in_cube d m k Hm Hk)) as [Ak Bk].
    destruct (sweep_exact d m r gs _ (proj1 Hc) (node_in_cube d m l Hm Hl)) as [Al Bl].
    (* if one of the two nodes gets a step, then r has its sign at both *)
    assert (Sign : forall k l, In k (nodes d m) -> In l (nodes d m) -> neighbours d k l -> 0 < step_at gs k ->
      0 < r (point m k) * r (point m l)).
    { clear -Hc Hr Hm. intros k l Hk Hl Hn Hp. destruct Hc as [(_ & _ & Hg) _].
      assert (E : exists g, In g gs /\ node g = k /\ step g <> 0).
      { unfold step_at in Hp. clear Hg. induction gs as [|g gs IH]; [unfold total in Hp; simpl in Hp; lra|].
        rewrite total_cons in Hp. destruct (list_eq_dec Z.eq_dec (node g) k) as [E|E].
        - destruct (Req_dec (step g) 0) as [E0|E0].
          + rewrite E0, Rabs_R0 in Hp. destruct IH as (h & H & H'); [lra|]. exists h. split; [right; exact H|exact H'].
          + exists g. split; [left; reflexivity|split; assumption].
        - destruct IH as (h & H & H'); [lra|]. exists h. split; [right; exact H|exact H']. }
      destruct E as (g & Hin & E & Hne). destruct (Hg g Hin) as (_ & _ & Hs). rewrite E in Hs.
      assert (Hkk : neighbours d k k).
      { unfold neighbours. rewrite (gauge_ext d _ (fun _ => 0 * 0)) by (intros; ring).
        destruct (gauge_norm d (fun _ => 0) (fun _ => 0) 0) as (_ & _ & Z & _); [lra|]. rewrite Z; lra. }
      destruct (at_support d m r k l _ Hm Hr Hk Hl Hn Hs) as [S1 S2].
      destruct (at_support d m r k k _ Hm Hr Hk Hk Hkk Hs) as [S3 S4].
      set (c := step g) in *. apply Rabs_pos_lt in Hne as Hca.
      assert (H1 : r (point m l) <> 0) by (intros H; rewrite H, Rabs_R0 in S2; lra).
      assert (H2 : r (point m k) <> 0) by (intros H; rewrite H, Rabs_R0 in S4; lra).
      destruct (Rtotal_order c 0) as [H|[H|H]]; [|congruence|].
      - assert (r (point m l) < 0) by nra. assert (r (point m k) < 0) by nra. nra.
      - assert (0 < r (point m l)) by nra. assert (0 < r (point m k)) by nra. nra. }
    destruct (Rlt_dec 0 (step_at gs k)) as [Pk|Pk]; [|destruct (Rlt_dec 0 (step_at gs l)) as [Pl|Pl]].
    + specialize (Sign k l Hk Hl Hn Pk). unfold between in *.
      set (p := left_over d r gs (point m k)) in *. set (p' := left_over d r gs (point m l)) in *.
      clear -Sign Bk Bl Rk Rl. revert Rk Rl. unfold Rabs; repeat destruct Rcase_abs; intros; destruct Bk, Bl;
        try lra; nra.
    + specialize (Sign l k Hl Hk (neighbours_sym _ _ _ Hn) Pl). unfold between in *.
      set (p := left_over d r gs (point m k)) in *. set (p' := left_over d r gs (point m l)) in *.
      clear -Sign Bk Bl Rk Rl. revert Rk Rl. unfold Rabs; repeat destruct Rcase_abs; intros; destruct Bk, Bl;
        try lra; nra.
    + assert (Same : forall k, In k (nodes d m) -> ~ 0 < step_at gs k -> left_over d r gs (point m k) = r (point m k)).
      { clear -Hc Hm. intros k Hk Hp. destruct (sweep_exact d m r gs _ (proj1 Hc) (node_in_cube d m k Hm Hk)) as [A B].
        rewrite (amount_by_nodes d m r gs _ (proj1 Hc)), (total_single _ _ k) in A; [|apply nodes_once|assumption|].
        - destruct (hat_values d m k Hm (proj1 (proj1 (nodes_spec d m k) Hk))) as (_ & E & _). rewrite E in A.
          assert (0 <= step_at gs k) by (apply total_nonneg; intros; destruct list_eq_dec; [apply Rabs_pos|lra]).
          assert (A' : Rabs (left_over d r gs (point m k)) = Rabs (r (point m k))) by lra. clear A.
          revert A'. unfold between in B. unfold Rabs; repeat destruct Rcase_abs; lra.
        - intros l Hl Hne. destruct (hat_values d m l Hm (proj1 (proj1 (nodes_spec d m l) Hl))) as (_ & _ & E & _).
          rewrite E by (congruence || (apply (nodes_spec d m k); assumption)). ring. }
      rewrite !Same by assumption. apply HK; assumption.
  - apply (linear_bound d m); [assumption|apply left_over_linear; [apply Hc|assumption]|].
    intros k Hk. apply edge_rate; assumption.
Qed.
